package io.weft.dsl

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.distribution.Distribution
import io.weft.engine.Device
import io.weft.expression.Expression
import io.weft.json.LayerCatalog
import io.weft.layer.MaskType
import io.weft.sample.SamplingExecutor
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList

// region ordinal

/**
 * An ordinal distribution of one's own: that of the number of heads among levels - 1 throws of a
 * coin, whose log-odds the network says.
 */
@JvmRecord
internal data class Binomial(
    val sharpness: Float,
) : Distribution {
    override fun maps(image: ImageSpec): Int = image.channels()

    override fun logits(
        image: ImageSpec,
        channel: Int,
        parameters: Expression,
    ): Expression {
        val throws = image.levels() - 1
        val logarithms = FloatArray(throws + 1)
        for (heads in 1..throws) {
            val ways = (throws - heads + 1).toDouble() / heads
            logarithms[heads] = logarithms[heads - 1] + kotlin.math.ln(ways).toFloat()
        }
        val heads = Expression.constants(*FloatArray(throws + 1) { it * sharpness })
        return parameters.repeated(throws + 1).times(heads).plus(Expression.constants(*logarithms))
    }
}
// endregion

/** A distribution written outside the library is trained, drawn and saved as any other. */
class CustomDistributionSpec :
    StringSpec({

        "is trained, scored, drawn on both executors, saved and loaded" {
            val folder = tempdir().toPath().resolve("model")
            Model.initial(DEFINITION, 1).use { model ->
                val before = model.score(DIGITS).bitsPerDimension()
                model.trainSuspending(DIGITS, seed = 2) {
                    steps = 60
                    adam(rate = 5e-3)
                }
                val after = model.score(DIGITS).bitsPerDimension()
                after shouldBeLessThan before - 0.2
                val drawn = model.sampleImages(count = 3, seed = 4).toList()
                model
                    .sampleImages(count = 3, seed = 4) {
                        executor = SamplingExecutor.tensorflowWithoutXla()
                    }.toList() shouldBe drawn
                model.save(folder, CATALOG)
                Model.load(folder, CATALOG, Device.cpu()).use { loaded ->
                    loaded.definition() shouldBe DEFINITION
                    loaded.score(DIGITS).bitsPerDimension() shouldBe after
                    loaded.sampleImages(count = 3, seed = 4).toList() shouldBe drawn
                }
            }
        }
    }) {
    private companion object {
        val CATALOG: LayerCatalog =
            LayerCatalog.standard().withDistribution("binomial", Binomial::class.java)
        val DIGITS: Examples =
            Examples.of(
                EmbeddedDigits
                    .count(64)
                    .size(8)
                    .levels(8)
                    .seed(3)
                    .grey(),
            )
        val DEFINITION: Definition =
            pixelModel("ordinal") {
                val x = image(DIGITS.images().spec())
                val seen = x.causalConv(maps = 12, kernel = 5, type = MaskType.A).relu()
                output(seen.conv1x1(maps = 1), Binomial(sharpness = 0.5f))
            }
    }
}
