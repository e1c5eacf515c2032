// The three forms of conditions, each shown to be used: a class (which digit), a vector (how bright
// the ink), and a map with a value for each pixel (a thumbnail to be painted in full).
//
// Three small models are trained. Each is scored under the right conditions and under those of
// other images, and draws a row of the sheet; the last two rows are thumbnails and their paintings:
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.ConditioningKt conditions.png

package io.weft.samples

import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.dsl.gatedPixelCnn
import io.weft.dsl.sampler
import io.weft.dsl.scoreSuspending
import io.weft.dsl.trainSuspending
import io.weft.dsl.trainingOptions
import io.weft.image.ContactSheet
import io.weft.image.Picture
import io.weft.samples.cli.checkPrinted
import io.weft.spec.Condition
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import kotlinx.coroutines.runBlocking
import java.nio.file.Path
import java.util.Locale
import kotlin.io.path.Path
import kotlin.math.roundToInt

private const val SIZE = 12
private const val BLOCK = 3
private val IMAGE = ImageSpec(SIZE, SIZE, 1, 8)

/** A condition, and examples under it. */
internal class Form(
    val condition: Condition,
    val examples: (ImageSet) -> Examples,
)

/** One of ten classes: the digit. */
internal val byClass =
    Form(Condition.OneOf("digit", 10)) { Examples.labelled(it, "digit") }

/** A vector of one number: image i is dimmed to its brightness, 0.3 to 1. */
internal val byVector =
    Form(Condition.Vector("brightness", 1)) { digits ->
        val levels = IntArray(digits.size() * IMAGE.values())
        for (i in 0 until digits.size()) {
            val dimmed = digits.image(i).map { (it * brightness(i)).roundToInt() }.toIntArray()
            dimmed.copyInto(levels, i * IMAGE.values())
        }
        Examples.conditioned(ImageSet.of(IMAGE, levels)) {
            ConditionValues.none().withVector("brightness", brightness(it))
        }
    }

private fun brightness(image: Int): Float = 0.3f + 0.7f * (image % 10) / 9

/** A number for each pixel: the mean of its 3 x 3 block, -1 to 1. */
internal val byMap =
    Form(Condition.Spatial("thumbnail", SIZE, SIZE, 1)) { digits ->
        Examples.conditioned(digits) {
            ConditionValues.none().withMap("thumbnail", thumbnail(digits.image(it)))
        }
    }

private fun thumbnail(image: IntArray): FloatArray =
    FloatArray(SIZE * SIZE) { place ->
        val top = place / SIZE / BLOCK * BLOCK
        val left = place % SIZE / BLOCK * BLOCK
        val block = List(BLOCK * BLOCK) { image[(top + it / BLOCK) * SIZE + left + it % BLOCK] }
        2 * block.average().toFloat() / (IMAGE.levels() - 1) - 1
    }

/** Bits per dimension under the right conditions and under other images', and drawn images. */
internal class Shown(
    val right: Double,
    val wrong: Double,
    val images: List<IntArray>,
)

private fun digits(
    count: Int,
    seed: Long,
): ImageSet = EmbeddedDigits.count(count).size(SIZE).levels(IMAGE.levels()).seed(seed).grey()

/** The digits 0 to 9, in that order. */
private fun tenDigits(): ImageSet =
    digits(10, 3).let { ten -> ten.select(*(0 until 10).sortedBy(ten::label).toIntArray()) }

internal suspend fun show(
    form: Form,
    steps: Long,
): Shown {
    val test = form.examples(digits(200, 2))
    val others = Examples.conditioned(test.images()) { test.conditions((it + 5) % test.size()) }
    val model =
        gatedPixelCnn(IMAGE) {
            blocks(4)
            maps(24)
            conditionedOn(listOf(form.condition))
        }
    val options =
        trainingOptions(seed = 1) {
            this.steps = steps
            adam(rate = 2e-3)
        }
    return Model.initial(model, 1).use { trained ->
        trained.trainSuspending(form.examples(digits(10_000, 1)), options)
        val ten = form.examples(tenDigits())
        val sampler = trained.sampler(10, seed = 7) { conditions { ten.conditions(it.toInt()) } }
        Shown(
            trained.scoreSuspending(test).bitsPerDimension(),
            trained.scoreSuspending(others).bitsPerDimension(),
            sampler.images().toList().map { it.levels() },
        )
    }
}

internal suspend fun compareConditions(
    steps: Long,
    sheet: Path,
    say: (String) -> Unit,
): List<Shown> {
    say("bits per dimension under the right conditions, and under those of other images")
    val shown =
        listOf(byClass, byVector, byMap).map { form ->
            show(form, steps).also {
                val name = form.condition.name()
                say("%-10s  right %.3f  wrong %.3f".format(Locale.ROOT, name, it.right, it.wrong))
            }
        }
    val thumbnails =
        (0 until 10).map { i ->
            val values = thumbnail(tenDigits().image(i))
            Picture.of(SIZE, SIZE, 1) { row, column, _ ->
                (127.5f * (values[row * SIZE + column] + 1)).roundToInt()
            }
        }
    val rows = shown.map { form -> form.images.map { Picture.of(IMAGE, it) } }
    ContactSheet(10).of(rows[0] + rows[1] + thumbnails + rows[2]).scaled(4).writePng(sheet)
    say("wrote $sheet")
    return shown
}

/** Takes the picture's file. */
fun main(arguments: Array<String>) {
    val sheet = Path(arguments.getOrElse(0) { "conditions.png" })
    runBlocking { compareConditions(1_500, sheet, ::println) }
    checkPrinted()
}
