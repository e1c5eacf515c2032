package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.distribution.Distribution
import io.weft.engine.Device
import io.weft.expression.Expression
import io.weft.expression.Initializer
import io.weft.expression.Parameter
import io.weft.expression.Shape
import io.weft.expression.Unary
import io.weft.json.LayerCatalog
import io.weft.layer.Inputs
import io.weft.layer.Layer
import io.weft.layer.MaskType
import io.weft.model.PixelRnn
import io.weft.spec.Condition
import io.weft.spec.DefinitionException
import io.weft.spec.ImageSpec

// region gru

/**
 * A recurrence of one's own: a gated unit that goes on from its own output above and on the left.
 */
@JvmRecord
internal data class Gru(
    val units: Int,
    val ahead: Int = -1,
) : Layer {
    override fun shape(inputs: Inputs): Shape = inputs.only().withMaps(units)

    override fun compute(inputs: Inputs): Expression {
        val own = shape(inputs)
        val left = inputs.own(own, 0, ahead)
        val read = Expression.concat(listOf(inputs.read(0), left, inputs.own(own, -1, 0)))
        val both = read.dense("gates", 2 * units)
        val keep = both.slice(0, units).map(Unary.SIGMOID)
        val fresh = both.slice(units, units).map(Unary.TANH)
        return keep.times(left).plus(keep.like(1f).minus(keep).times(fresh))
    }

    private fun Expression.dense(
        name: String,
        maps: Int,
    ): Expression =
        times(Parameter.weight(name, Initializer.glorot(width(), maps), width(), maps))
            .plus(Expression.vector(Parameter.offset("$name-bias", Initializer.zeros(), maps)))
}

// endregion

/** Recurrences in Kotlin: one's own, and the families of the library. */
class RecurrenceSpec :
    StringSpec({
        val grey = ImageSpec(6, 5, 1, 2)
        val boards =
            Examples.of(
                ImageSet.of(grey, IntArray(8 * 30) { (it / 30 + it % 30 / 5 + it % 5) % 2 }),
            )

        fun own(ahead: Int) =
            pixelModel("own") {
                val x = image(grey).causalConv(maps = 4, kernel = 3, type = MaskType.A)
                softmax(x.layer(Gru(units = 4, ahead), name = "gru").conv1x1(2))
            }

        "one of one's own trains, is drawn from, and is saved" {
            val definition = own(ahead = -1)
            Model.initial(definition, 1).use { model ->
                val before = model.score(boards).meanNats()
                model.trainSuspending(boards, seed = 2) {
                    steps = 80
                    adam(rate = 3e-2)
                }
                val after = model.score(boards)
                after.meanNats() shouldBeLessThan before / 2
                // Pixel by pixel the trained model gives what it was trained to give.
                model.sampler(count = 2, seed = 1).run().use { run ->
                    while (!run.isDone) run.advance()
                }
                val folder = tempdir().resolve("saved").toPath()
                val catalog = LayerCatalog.standard().with("gru", Gru::class.java)
                model.save(folder, catalog)
                Model.load(folder, catalog, Device.cpu()).use { again ->
                    again.score(boards).logLikelihoods() shouldBe after.logLikelihoods()
                }
            }
        }

        "a circle names what is read" {
            shouldThrow<DefinitionException> { own(ahead = 0) }.message!! shouldContain
                "own (+0, +0)"
        }

        "the families take every option that Java's builders take" {
            val colour = ImageSpec(4, 5, 3, 4)
            rowLstm(colour) {
                name("row")
                blocks(2)
                maps(4)
                kernel(5)
                firstKernel(3)
                headMaps(7)
                skips(PixelRnn.Skips.EVERY_BLOCK)
                classCondition("class", 3)
            } shouldBe
                PixelRnn
                    .rowLstmBuilder(colour)
                    .name("row")
                    .blocks(2)
                    .maps(4)
                    .kernel(5)
                    .firstKernel(3)
                    .headMaps(7)
                    .skips(PixelRnn.Skips.EVERY_BLOCK)
                    .classCondition("class", 3)
                    .build()
            diagonalBiLstm(grey) { distribution(Distribution.bernoulli()) } shouldBe
                PixelRnn
                    .diagonalBiLstmBuilder(grey)
                    .distribution(Distribution.bernoulli())
                    .build()
            rowLstm(grey) shouldBe PixelRnn.rowLstmBuilder(grey).build()
        }

        "recurrences are functions of features" {
            val definition =
                pixelModel("mixed") {
                    var x = image(grey).causalConv(maps = 6, kernel = 3, type = MaskType.A)
                    x += rowLstm(x, units = 3).conv1x1(6)
                    x += diagonalBiLstm(x, units = 3).conv1x1(6)
                    softmax(head(x, 6))
                }
            definition.graph().recurrences().size shouldBe 3
        }
    })
