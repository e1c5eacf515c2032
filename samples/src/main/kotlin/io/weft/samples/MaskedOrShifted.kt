// Masked against shifted convolutions: the same numbers, for less work.
//
// A causal convolution is its set of taps. MASKED runs the papers' full kernel, zero where masked;
// SHIFTED crops the kernel to the rows and columns that hold a tap and pads on one side ("shift and
// crop"). Prints the largest difference of log-likelihoods, and what scoring and a training step
// cost, measured in turns; see WhatShiftsCanDo.kt for what shifting can replace and what it cannot:
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.MaskedOrShiftedKt

package io.weft.samples

import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.dsl.causalConv
import io.weft.dsl.conv1x1
import io.weft.dsl.horizontalConv
import io.weft.dsl.pixelModel
import io.weft.dsl.repeated
import io.weft.dsl.verticalConv
import io.weft.layer.ConvolutionForm
import io.weft.layer.ConvolutionForm.MASKED
import io.weft.layer.ConvolutionForm.SHIFTED
import io.weft.layer.Feature
import io.weft.layer.MaskType
import io.weft.layer.Support
import io.weft.samples.cli.checkPrinted
import io.weft.train.TrainingOptions
import java.util.Locale
import kotlin.math.abs
import kotlin.system.measureNanoTime

private const val KERNEL = 5
private const val LAYERS = 4

/** Returns a stack of convolutions of one support, run in one form. */
internal fun stackOf(
    support: Support,
    form: ConvolutionForm,
    maps: Int,
): Definition =
    pixelModel(support.name.lowercase()) {
        fun Feature.conv(type: MaskType) =
            when (support) {
                Support.FULL -> causalConv(maps, KERNEL, type, form = form)
                Support.VERTICAL -> verticalConv(maps, KERNEL, type, form = form)
                Support.HORIZONTAL -> horizontalConv(maps, KERNEL, type, form = form)
            }
        var h = image(height = 28, width = 28, channels = 1, levels = 4).conv(MaskType.A)
        repeated(LAYERS - 1) { h = h.relu().conv(MaskType.B) }
        softmax(h.relu().conv1x1(maps = 4))
    }

/** What one support costs in both forms, and how far their numbers are apart. */
internal class Comparison(
    val support: Support,
    val difference: Double,
    val scoring: Pair<Double, Double>,
    val training: Pair<Double, Double>,
) {
    override fun toString(): String =
        "%-10s  %.1e  scoring %s  training step %s"
            .format(
                Locale.ROOT,
                support.name.lowercase(),
                difference,
                cost(scoring),
                cost(training),
            )

    private fun cost(ms: Pair<Double, Double>) =
        "%6.1f / %6.1f ms (%.2f x)".format(Locale.ROOT, ms.first, ms.second, ms.first / ms.second)
}

internal fun compareForms(
    support: Support,
    maps: Int,
    rounds: Int,
): Comparison {
    val images = Examples.of(EmbeddedDigits.count(16).levels(4).seed(1).grey())
    val steps = TrainingOptions.seed(1).steps(rounds + 1L).build()
    Model.initial(stackOf(support, MASKED, maps), 1).use { masked ->
        Model.initial(stackOf(support, SHIFTED, maps), 1).use { shifted ->
            // The weights are equal: both have one for each tap, and none for what is masked.
            val both =
                listOf(
                    masked.score(images),
                    shifted.score(images),
                ).map { it.pixelLogLikelihoods(0) }
            val difference = both[0].indices.maxOf { abs(both[0][it] - both[1][it]).toDouble() }
            val scoring = medians(rounds, { masked.score(images) }, { shifted.score(images) })
            val training =
                masked.training(images, steps).use { one ->
                    shifted.training(images, steps).use { other ->
                        medians(rounds, { one.next() }, { other.next() })
                    }
                }
            return Comparison(support, difference, scoring, training)
        }
    }
}

/** Returns the medians of two works in milliseconds, done in turns after one unmeasured turn. */
private fun medians(
    rounds: Int,
    one: () -> Unit,
    other: () -> Unit,
): Pair<Double, Double> {
    val times = List(rounds + 1) { measureNanoTime(one) to measureNanoTime(other) }.drop(1)

    fun median(nanos: List<Long>) = nanos.sorted()[nanos.size / 2] / 1e6
    return median(times.map { it.first }) to median(times.map { it.second })
}

/** Compares the three supports. */
fun main() {
    println("$LAYERS layers, $KERNEL x $KERNEL kernels (1 x $KERNEL), 64 maps, 16 images of 28x28")
    println("largest difference in nats; masked / shifted, medians of 11 in turns")
    Support.entries.forEach { println(compareForms(it, maps = 64, rounds = 11)) }
    checkPrinted()
}
