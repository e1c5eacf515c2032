// "Can shifted convolutions replace masked ones?" What the question comes to, each answer checked:
//
// 1. Where the taps fill a rectangle of the kernel (the rows above; along the row), shift and crop
//    is the masked convolution, and nothing is multiplied by zero.
// 2. The taps of plain PixelCNN fill no rectangle, so one shift is not enough: crop, and mask the
//    rest of the own row (Weft's SHIFTED form), or add two shifted ones, rows above and own row.
// 3. The order of colours within a pixel cannot be had by shifting: a shift moves all maps alike,
//    while green may see its own pixel's red, and red may not.
// 4. A stack made of shifted rectangles alone is another network. One stream of them is blind to
//    what lies above on its other side; PixelCNN++ has a second stream for that.
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.WhatShiftsCanDoKt

package io.weft.samples

import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.dsl.ModelScope
import io.weft.dsl.causalConv
import io.weft.dsl.conv1x1
import io.weft.dsl.horizontalConv
import io.weft.dsl.pixelModel
import io.weft.dsl.repeated
import io.weft.dsl.verticalConv
import io.weft.engine.Device
import io.weft.layer.Feature
import io.weft.layer.MaskType
import io.weft.prove.ReceptiveField
import io.weft.samples.cli.checkPrinted
import io.weft.spec.ImageSpec
import io.weft.weight.Weights
import java.util.Optional
import kotlin.math.abs

private val GREY = ImageSpec(16, 16, 1, 4)
private val COLOUR = ImageSpec(16, 16, 3, 4)
private const val ROW = 12
private const val COLUMN = 8

private fun model(
    image: ImageSpec = GREY,
    body: ModelScope.(Feature) -> Feature,
): Definition = pixelModel("shifts") { softmax(body(image(image)).conv1x1(4, name = "logits")) }

/** Returns the places that the pixel (12, 8) reads, as (row, column). */
private fun places(definition: Definition): List<Pair<Int, Int>> {
    val field = ReceptiveField.ofOutput(definition.proof(), ROW, COLUMN, 0)
    return (0..ROW)
        .flatMap { row -> (0 until 16).map { row to it } }
        .filter { (row, column) -> field.channelsSeen(row, column) > 0 }
}

/** 1. Whether the taps of a layer (type A, as it reads the image) fill a rectangle. */
internal fun fillsRectangle(layer: (Feature) -> Feature): Boolean {
    val taps = places(model { layer(it) })
    return taps.size == taps.distinctBy { it.first }.size * taps.distinctBy { it.second }.size
}

/** 2. How far the sum of two shifted convolutions is from the masked one, in nats. */
internal fun differenceOfTwoShifted(): Double {
    val full = model { it.causalConv(8, kernel = 5, type = MaskType.A, name = "full") }
    val two =
        model {
            it.verticalConv(8, kernel = 5, type = MaskType.A, name = "above") +
                it.horizontalConv(8, kernel = 5, type = MaskType.A, name = "beside")
        }
    val weights = Weights.initial(full, 1)
    val kernel = weights.values("full/kernel")
    val rowsAbove = 2 * 5 * 8 // Taps in raster order: two rows of five, to eight maps each.
    val split =
        mapOf(
            "above/kernel" to kernel.copyOfRange(0, rowsAbove),
            "beside/kernel" to kernel.copyOfRange(rowsAbove, kernel.size),
            "above/bias" to weights.values("full/bias"),
            "beside/bias" to FloatArray(8),
            "logits/kernel" to weights.values("logits/kernel"),
            "logits/bias" to weights.values("logits/bias"),
        )
    val images = EmbeddedDigits.count(4).size(16).levels(4).grey()
    val (one, other) =
        listOf(full to weights, two to Weights.of(two, split)).map { (definition, values) ->
            val snapshot = Model.Snapshot(values, Optional.empty(), listOf())
            val model = Model.of(definition, snapshot, Device.cpu())
            model.use { it.score(Examples.of(images)).logLikelihoods() }
        }
    return one.indices.maxOf { abs(one[it] - other[it]) }
}

/** 3. How many colours of its own pixel each of red, green and blue sees. */
internal fun coloursSeen(layer: ModelScope.(Feature) -> Feature): List<Int> {
    val proof =
        pixelModel("colours") {
            softmax(layer(image(COLOUR)).conv1x1(maps = 12, colours = colours))
        }.proof()
    return List(3) { ReceptiveField.ofOutput(proof, ROW, COLUMN, it).channelsSeen(ROW, COLUMN) }
}

internal fun ModelScope.maskedColours(x: Feature): Feature =
    x.causalConv(maps = 6, kernel = 3, type = MaskType.A, colours = colours)

internal fun shiftedColours(x: Feature): Feature =
    x.shiftRight(1).verticalConv(maps = 6, kernel = 3).shiftRight(1)

/** 4. Reads a rectangle up to the own place: this row and the one above, two columns back. */
private fun Feature.downRight(): Feature = verticalConv(maps = 2, kernel = 3).shiftRight(1)

internal fun oneStream(layers: Int): Definition =
    model { x ->
        var beside = x.verticalConv(2, 3, MaskType.A) + x.horizontalConv(2, 3, MaskType.A)
        repeated(layers) { beside = beside.downRight() }
        beside
    }

internal fun twoStreams(layers: Int): Definition =
    model { x ->
        var above = x.verticalConv(2, 3, MaskType.A)
        var beside = above + x.horizontalConv(2, 3, MaskType.A)
        repeated(layers) {
            above = above.verticalConv(maps = 2, kernel = 3)
            beside = beside.downRight() + above
        }
        beside
    }

/** Returns how many pixels above on the right are seen, of [ROW] x (15 - [COLUMN]). */
internal fun seenAboveRight(definition: Definition): Int =
    places(definition).count { (row, column) -> row < ROW && column > COLUMN }

/** Prints the four answers. */
fun main() {
    val rows = fillsRectangle { it.verticalConv(2, 5, MaskType.A) }
    val along = fillsRectangle { it.horizontalConv(2, 5, MaskType.A) }
    val full = fillsRectangle { it.causalConv(2, 5, MaskType.A) }
    println("1. taps fill a rectangle: rows above $rows, along the row $along, both $full")
    println("2. two shifted convolutions, added: ${differenceOfTwoShifted()} nats from the mask")
    val masked = coloursSeen { maskedColours(it) }
    val shifted = coloursSeen { shiftedColours(it) }
    println("3. colours of their own pixel that red, green, blue see: mask $masked, shift $shifted")
    val (one, two) = listOf(oneStream(11), twoStreams(11)).map(::seenAboveRight)
    val all = ROW * (15 - COLUMN)
    println("4. of $all pixels above on the right, one stream sees $one and two streams $two")
    checkPrinted()
}
