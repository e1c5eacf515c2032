// The whole road on one page: declare a model, have it proven causal, train it on the embedded
// digits, score it, and watch it draw, pixel by pixel. A minute or two on two cores:
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.QuickStartKt digits.png

package io.weft.samples

import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.dsl.gatedBlock
import io.weft.dsl.head
import io.weft.dsl.lastGatedBlock
import io.weft.dsl.pixelModel
import io.weft.dsl.sample
import io.weft.dsl.sampleImages
import io.weft.dsl.scoreSuspending
import io.weft.dsl.sum
import io.weft.dsl.trainSuspending
import io.weft.dsl.twoStacks
import io.weft.image.ContactSheet
import io.weft.layer.MaskType
import io.weft.prove.ReceptiveField
import io.weft.samples.cli.checkPrinted
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.nio.file.Path
import java.util.Locale
import kotlin.io.path.Path

// region declare

/** A class-conditional Gated PixelCNN, wired block by block. */
fun digitModel(): Definition =
    pixelModel("digits") {
        val x = image(height = 16, width = 16, channels = 1, levels = 4)
        val digit = listOf(classCondition("digit", count = 10))
        var block = gatedBlock(twoStacks(x), 32, kernel = 7, type = MaskType.A, conditions = digit)
        val skips = mutableListOf(block.skip)
        repeat(4) {
            block = gatedBlock(block.stacks, 32, kernel = 5, conditions = digit)
            skips += block.skip
        }
        skips += lastGatedBlock(block.stacks, 32, kernel = 5, conditions = digit)
        softmax(head(sum(skips), maps = 32))
    }
// endregion

/** Returns [digitModel] trained for so many steps, which say how it goes. */
internal suspend fun trainedDigits(
    steps: Long,
    say: (String) -> Unit,
): Model {
    // region train
    val train = EmbeddedDigits.count(30_000).size(16).levels(4).seed(1).grey()
    val test = EmbeddedDigits.count(500).size(16).levels(4).seed(2).grey()
    val model =
        digitModel().trainSuspending(Examples.labelled(train, "digit"), seed = 1) {
            this.steps = steps
            adam(rate = 2e-3)
        }
    val bits = model.scoreSuspending(Examples.labelled(test, "digit")).bitsPerDimension()
    // endregion
    say("%.4f bits per dimension on new digits (uniform: 2)".format(Locale.ROOT, bits))
    return model
}

internal suspend fun quickStart(
    steps: Long,
    sheet: Path,
    screen: Appendable,
) {
    fun say(words: String) {
        screen.append(words).append('\n')
    }
    val digits = digitModel()
    say("$digits")
    say("pixel (8, 8) sees ${ReceptiveField.ofOutput(digits.proof(), 8, 8, 0)}")
    trainedDigits(steps, ::say).use { model ->
        // region stream
        model.sample(count = 1, seed = 7) { label { 3 } }.collect { pixel ->
            screen.append(" .+#"[pixel.value(0)])
            if (pixel.column() == 15) screen.append('\n')
        }
        // endregion
        val images = model.sampleImages(count = 10, seed = 7) { label { it } }.toList()
        ContactSheet(10).of(images.map { it.picture() }).scaled(4).writePng(sheet)
        say("wrote $sheet")
    }
}

/** Takes the picture's file. */
fun main(arguments: Array<String>) {
    runBlocking { quickStart(1_500, Path(arguments.getOrElse(0) { "digits.png" }), System.out) }
    checkPrinted()
}
