// A small image first, then the large one: a multi-scale model of two gated networks.
//
// The small image is every fourth row and column of the large one. Its model says roughly what there
// is; the large model sees it, brought to its own size, and draws the pixels between. The likelihood
// of both together is exact: the pixels of the small image are counted once.
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.PyramidKt pyramid.png

package io.weft.samples

import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.dsl.ModelScope
import io.weft.dsl.gatedBlock
import io.weft.dsl.head
import io.weft.dsl.lastGatedBlock
import io.weft.dsl.multiScale
import io.weft.dsl.pixelModel
import io.weft.dsl.sample
import io.weft.dsl.sampleImages
import io.weft.dsl.scoreBoundSuspending
import io.weft.dsl.scoreSuspending
import io.weft.dsl.sum
import io.weft.dsl.trainSuspending
import io.weft.dsl.twoStacks
import io.weft.image.ContactSheet
import io.weft.image.Picture
import io.weft.layer.Feature
import io.weft.layer.MaskType
import io.weft.pyramid.MultiScale
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.Scale
import io.weft.pyramid.Size
import io.weft.samples.cli.checkPrinted
import io.weft.spec.Condition
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.nio.file.Path
import java.util.Locale
import kotlin.io.path.Path

private const val SIDE = 16
private const val LEVELS = 4
private const val MAPS = 24

private fun digits(
    count: Int,
    seed: Long,
): ImageSet = EmbeddedDigits.count(count).size(SIDE).levels(LEVELS).seed(seed).grey()

/** A gated network of some blocks on conditions, as in QuickStart.kt. */
private fun ModelScope.gated(
    x: Feature,
    blocks: Int,
    conditions: List<Feature>,
): Feature {
    var block = gatedBlock(twoStacks(x), MAPS, 5, MaskType.A, conditions = conditions)
    val skips = mutableListOf(block.skip)
    repeat(blocks - 1) {
        block = gatedBlock(block.stacks, MAPS, 3, conditions = conditions)
        skips += block.skip
    }
    skips += lastGatedBlock(block.stacks, MAPS, 3, conditions = conditions)
    return head(sum(skips), maps = MAPS)
}

// region declare

/** Digits of 16x16 pixels, by way of 4x4 pixels. */
internal fun pyramid(): MultiScale {
    val small =
        pixelModel("small") {
            val x = image(height = 4, width = 4, channels = 1, levels = LEVELS)
            softmax(gated(x, blocks = 2, conditions = listOf(classCondition("digit", count = 10))))
        }
    val large =
        pixelModel("large") {
            val x = image(height = SIDE, width = SIDE, channels = 1, levels = LEVELS)
            val digit = classCondition("digit", count = 10)
            val coarse = condition(Condition.Spatial("small", 4, 4, 1))
            val grown = coarse.conv(MAPS, 3).relu().upConv(MAPS, 2).relu().upConv(MAPS, 2).relu()
            softmax(gated(x, blocks = 4, conditions = listOf(digit, grown)))
        }
    return multiScale(small, large, condition = "small", scale = Scale.subsample(4))
}
// endregion

/** A sheet of [count] digits: above what was drawn first, enlarged, below what became of it. */
internal suspend fun drawn(
    model: MultiScaleModel,
    count: Int,
): Picture {
    val images = model.sampleImages(count, seed = 7) { label { it % 10 } }.toList()
    val scale = model.definition().scale()
    val small =
        images.map {
            val spec = scale.small(it.spec())
            Picture.of(spec, scale.small(it.spec(), it.levels())).scaled(scale.factor())
        }
    return ContactSheet(count).of(small + images.map { it.picture() })
}

internal suspend fun pyramids(
    steps: Long,
    sheet: Path,
    say: (String) -> Unit,
) {
    MultiScaleModel.initial(pyramid(), 1).use { model ->
        // region train
        val train = Examples.labelled(digits(count = 30_000, seed = 1), "digit")
        val test = Examples.labelled(digits(count = 500, seed = 2), "digit")
        model.trainSuspending(train, seed = 1) {
            this.steps = steps
            rmsProp(rate = 1e-3)
            polyak = 0.99
        }
        val exact = model.scoreSuspending(test).bitsPerDimension()
        val bound = model.scoreBoundSuspending(test).bitsPerDimension()
        // endregion
        say("%.3f bits per dimension, exact; the bound says %.3f".format(Locale.ROOT, exact, bound))
        // region stream
        val order = StringBuilder()
        model.sample(count = 1, seed = 7) { label { 3 } }.collect { scaled ->
            order.append(if (scaled.size() == Size.SMALL) 's' else 'l')
        }
        // endregion
        say("$order".replace(Regex("(.)\\1*")) { "${it.value.length} pixels ${it.value[0]} " })
        drawn(model, 10).scaled(4).writePng(sheet)
        say("wrote $sheet")
    }
}

/** Takes the picture's file. */
fun main(arguments: Array<String>) {
    runBlocking { pyramids(1_500, Path(arguments.getOrElse(0) { "pyramid.png" }), ::println) }
    checkPrinted()
}
