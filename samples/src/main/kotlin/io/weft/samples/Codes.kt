// Priors over codes: digits of 32x32 pixels as 8x8 codes of 512, drawn by one model; and by two, of
// which the first draws 4x4 codes of 128, and the second 8x8 codes of 512 given those.
//
// A code is the number of a patch in a code book. As a number it means nothing, so that the models
// read it as a learned vector. JavaCodes.java is the same in Java.
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.CodesKt codes.png

package io.weft.samples

import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.dsl.ModelScope
import io.weft.dsl.gatedBlock
import io.weft.dsl.head
import io.weft.dsl.lastGatedBlock
import io.weft.dsl.pixelModel
import io.weft.dsl.sampleImages
import io.weft.dsl.scoreSuspending
import io.weft.dsl.sum
import io.weft.dsl.trainSuspending
import io.weft.dsl.twoStacks
import io.weft.image.ContactSheet
import io.weft.image.Picture
import io.weft.layer.Feature
import io.weft.layer.MaskType
import io.weft.samples.cli.checkPrinted
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.nio.file.Path
import java.util.Locale
import kotlin.io.path.Path

private const val MAPS = 32
private const val SHOWN = 10
private val TOP = ImageSpec(4, 4, 1, 128)

/** A gated network of three blocks on conditions, as in QuickStart.kt. */
private fun ModelScope.gated(
    x: Feature,
    conditions: List<Feature>,
): Feature {
    val first = gatedBlock(twoStacks(x), MAPS, 7, MaskType.A, conditions = conditions)
    val second = gatedBlock(first.stacks, MAPS, 3, conditions = conditions)
    val last = lastGatedBlock(second.stacks, MAPS, 3, conditions = conditions)
    return head(sum(listOf(first.skip, second.skip, last)), maps = MAPS)
}

// region declare

/** Codes of a digit, each read as a learned vector. */
internal fun codePrior(): Definition =
    pixelModel("codes") {
        val x = image(height = 8, width = 8, channels = 1, levels = 512)
        val digit = classCondition("digit", count = 10)
        softmax(gated(x.embedded(512, MAPS), listOf(digit)))
    }
// endregion

// region two-levels

/** Of a hierarchy the coarse codes. */
internal fun topPrior(): Definition =
    pixelModel("top") {
        val x = image(TOP)
        val digit = classCondition("digit", count = 10)
        softmax(gated(x.embedded(128, MAPS), listOf(digit)))
    }

/** The fine ones, given the coarse: embedded, looked at on all sides, on a grid twice as fine. */
internal fun bottomPrior(): Definition =
    pixelModel("bottom") {
        val x = image(height = 8, width = 8, channels = 1, levels = 512)
        val digit = classCondition("digit", count = 10)
        val coarse = imageCondition("top", TOP).embedded(128, MAPS)
        val grown = coarse.conv(MAPS, 3).relu().upConv(MAPS, 2).relu()
        softmax(gated(x.embedded(512, MAPS), listOf(digit, grown)))
    }
// endregion

private fun ImageSet.labelledAs(digits: ImageSet): ImageSet =
    labelled(IntArray(size()) { digits.label(it) }, digits.classNames())

private suspend fun trained(
    definition: Definition,
    examples: Examples,
    steps: Long,
    say: (String) -> Unit,
): Model {
    val model =
        definition.trainSuspending(examples, seed = 1) {
            this.steps = steps
            batch = 32
            adam(rate = 3e-3)
        }
    val bits = model.scoreSuspending(examples.select(0, 1, 2, 3)).bitsPerDimension()
    say("%s: %.2f bits each".format(Locale.ROOT, definition.name(), bits))
    return model
}

/** Trains on [count] digits, and writes a sheet of ten: what they are, their codes, and drawn ones. */
internal suspend fun codes(
    count: Int,
    steps: Long,
    sheet: Path,
    say: (String) -> Unit,
) {
    val digits = EmbeddedDigits.count(count).size(32).seed(1).grey()
    val images = PatchCodes.pixels(digits)
    val fine = PatchCodes.fit(images.take(count / 4), 4, 512, 1)
    val codes = fine.encode(images).labelledAs(digits)
    val shown = 0 until SHOWN
    val rows =
        shown.map { PatchCodes.picture(images[it]) } +
            shown.map { Picture.of(codes, it).scaled(4) } +
            shown.map { PatchCodes.picture(fine.decode(codes.image(it))) }
    val drawn =
        trained(codePrior(), Examples.labelled(codes, "digit"), steps, say).use { model ->
            model.sampleImages(SHOWN, seed = 7) { label { it } }.toList()
        }

    val coarse = PatchCodes.fit(images.take(count / 4), 8, 128, 1)
    val tops = coarse.encode(images).labelledAs(digits)
    val left = images.mapIndexed { i, it -> PatchCodes.sum(it, -1, coarse.decode(tops.image(i))) }
    val rest = PatchCodes.fit(left.take(count / 4), 4, 512, 1)
    val begun =
        trained(topPrior(), Examples.labelled(tops, "digit"), steps, say).use { model ->
            model.sampleImages(SHOWN, seed = 7) { label { it } }.toList()
        }
    // region given
    val bottoms =
        Examples.conditioned(rest.encode(left)) {
            ConditionValues
                .none()
                .withImage("top", TOP, tops.image(it))
                .withLabel("digit", digits.label(it))
        }
    val ended =
        trained(bottomPrior(), bottoms, steps, say).use { model ->
            model
                .sampleImages(SHOWN, seed = 8) {
                    image("top", TOP) { begun[it].levels() }
                    label("digit") { it }
                }.toList()
        }
    // endregion
    val both =
        begun.zip(ended) { top, bottom ->
            PatchCodes.sum(coarse.decode(top.levels()), 1, rest.decode(bottom.levels()))
        }
    val made = drawn.map { fine.decode(it.levels()) } + both
    ContactSheet(SHOWN).of(rows + made.map(PatchCodes::picture)).scaled(2).writePng(sheet)
    say("wrote $sheet")
}

/** Takes the picture's file. */
fun main(arguments: Array<String>) {
    runBlocking { codes(4_000, 800, Path(arguments.getOrElse(0) { "codes.png" }), ::println) }
    checkPrinted()
}
