// Completion: an image with a hole in the middle, filled in again, several times over.
//
// A locally masked PixelCNN has one set of weights for many generation orders. For a hole it takes
// the order in which all known pixels come first: each missing pixel is drawn given everything
// around the hole, not only what lies above. Known pixels keep their values; they cost no draw.
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.CompletionKt completion.png

package io.weft.samples

import io.weft.Model
import io.weft.complete.KnownPixels
import io.weft.complete.PixelMask
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.dsl.conditionalLogLikelihoodsSuspending
import io.weft.dsl.locallyMaskedPixelCnn
import io.weft.dsl.sample
import io.weft.dsl.sampleImages
import io.weft.dsl.trainSuspending
import io.weft.image.ContactSheet
import io.weft.image.Picture
import io.weft.order.GenerationOrder
import io.weft.sample.Pixel
import io.weft.samples.cli.checkPrinted
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.nio.file.Path
import java.util.Locale
import kotlin.io.path.Path

/** Black and white digits, and the hole that they get: six columns and rows in the middle. */
internal val DIGIT = ImageSpec(16, 16, 1, 2)
internal val HOLE: PixelMask = PixelMask.hole(DIGIT, 5, 5, 6, 6)

internal fun whole(
    count: Int,
    seed: Long,
): ImageSet =
    EmbeddedDigits.count(count).size(DIGIT.width()).levels(DIGIT.levels()).seed(seed).grey()

/** One set of weights for eight orders: along rows and columns, from each corner. */
internal fun anyOrder(): Definition =
    locallyMaskedPixelCnn(DIGIT) {
        orders(GenerationOrder.eight(GenerationOrder.sCurve(DIGIT.height(), DIGIT.width())))
        blocks(1)
        maps(32)
    }

/** Completes some digits and draws a row for each: the digit, what is known, the completions. */
internal suspend fun completed(
    model: Model,
    digits: ImageSet,
    show: (Pixel) -> Unit,
): Picture {
    val pictures =
        (0 until digits.size()).flatMap { digit ->
            // region complete
            val torn = KnownPixels.of(digits, digit, HOLE)
            val ways = model.sampleImages(count = 8, seed = 7) { complete(torn) }.toList()
            // endregion
            // Pixel by pixel, only the missing ones are streamed, each as it is drawn.
            model.sample(count = 1, seed = 7) { complete(torn) }.collect(show)
            listOf(Picture.of(digits, digit), torn.picture()) +
                ways.map { it.picture() }
        }
    return ContactSheet(10).of(pictures)
}

internal suspend fun completion(
    steps: Long,
    sheet: Path,
    say: (String) -> Unit,
) {
    val train = whole(count = 20_000, seed = 1)
    val model =
        anyOrder().trainSuspending(Examples.of(train), seed = 1) {
            this.steps = steps
            adam(rate = 2e-3)
        }
    model.use {
        val test = whole(count = 6, seed = 2)
        var drawn = 0
        completed(model, test) { drawn++ }.scaled(4).writePng(sheet)
        val missing = HOLE.missing()
        say("drew $drawn missing pixels, $missing of each digit's ${DIGIT.pixels()}, in $sheet")
        // How likely the model finds what was there: the log-probability of a digit's own pixels.
        val own = model.conditionalLogLikelihoodsSuspending(Examples.of(test)) { HOLE }
        val cost = "%.1f".format(Locale.ROOT, -own.average())
        say("the digits' own pixels in the hole cost $cost nats on average")
    }
}

/** Takes the picture's file. */
fun main(arguments: Array<String>) {
    runBlocking { completion(600, Path(arguments.getOrElse(0) { "completion.png" }), ::println) }
    checkPrinted()
}
