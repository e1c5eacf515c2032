package io.weft.samples.serve

import io.weft.complete.KnownPixels
import io.weft.complete.PixelMask
import io.weft.prove.BlindSpot
import io.weft.sample.Pixel
import kotlinx.coroutines.flow.Flow

/** Most images of one drawing. */
internal const val MOST_IMAGES = 64

/**
 * What the page wants to be drawn, as a cold flow of pixels.
 *
 * @property images how many images
 * @property pixels how many pixels are drawn in all: of completions, the missing ones
 */
internal class Drawing(
    val images: Int,
    val pixels: Int,
    val flow: Flow<Pixel>,
) {
    companion object {
        /** Reads {"seed", "count", "temperature", "labels"?, "known"?}. */
        fun of(
            served: ServedModel,
            body: Body,
        ): Drawing {
            body.only("seed", "count", "temperature", "labels", "known")
            val seed = body.long("seed")
            val count = body.whole("count", 1..MOST_IMAGES)
            val temperature = temperature(body)
            val labels = served.labels(body)
            val known = if (body.has("known")) known(served, body.body("known")) else null
            val flow = served.painter.pixels(Wanted(count, seed, temperature, labels, known))
            return Drawing(count, count * (known?.mask()?.missing() ?: served.image.pixels()), flow)
        }
    }
}

/** The distribution that a pixel of an image is drawn from, or why there is none. */
internal fun distribution(
    served: ServedModel,
    body: Body,
): Map<String, Any> {
    body.only("values", "drawn", "row", "column", "temperature", "labels", "known")
    val image = served.image
    val row = body.whole("row", 0 until image.height())
    val column = body.whole("column", 0 until image.width())
    val own = row * image.width() + column
    val isGiven = body.booleans("drawn", image.pixels()).mapIndexed { i, it -> it || i == own }
    val values = values(served, body)
    val levels =
        IntArray(values.size) { if (isGiven[it / image.channels()]) values[it] else NOT_DRAWN }
    val known = if (body.has("known")) known(served, body.body("known")) else null
    val conditions = served.labels(body)(0)
    val wanted = Wanted(1, 0, temperature(body), { conditions }, known)
    return try {
        val probabilities = served.painter.probabilities(wanted, levels, row, column)
        mapOf("channels" to probabilities.map { mapOf("probabilities" to it) })
    } catch (e: IllegalArgumentException) {
        // Pointed at what is known, or at what others come before: an answer, and no failure.
        mapOf("none" to e.message.orEmpty())
    }
}

/**
 * What a layer, or without a name the output, sees from a pixel, and what it misses; where an image
 * is completed, in the order in which that is done.
 */
internal fun receptiveField(
    served: ServedModel,
    body: Body,
): Map<String, Any> {
    body.only("row", "column", "layer", "mask")
    val image = served.image
    val row = body.whole("row", 0 until image.height())
    val column = body.whole("column", 0 until image.width())
    val definition =
        if (body.has("mask")) served.completing(mask(served, body)) else served.definition
    val proof = definition.proof()
    val spot =
        if (body.has("layer")) {
            BlindSpot.ofFeature(proof, body.text("layer"), row, column)
        } else {
            BlindSpot.of(proof, row, column, image.channels() - 1)
        }
    val width = image.width()
    val positions = 0 until image.pixels()
    val field = positions.filter { spot.field().channelsSeen(it / width, it % width) > 0 }
    val blind = spot.values().map { it.row() * width + it.column() }.distinct()
    return linkedMapOf("field" to field, "blindSpot" to blind)
}

/** The pixels that are drawn, in their order: all of them, or of a completion the missing ones. */
internal fun order(
    served: ServedModel,
    body: Body,
): Map<String, Any> {
    body.only("mask")
    val mask = if (body.has("mask")) mask(served, body) else null
    return mapOf("order" to served.order(mask))
}

private fun temperature(body: Body): Double =
    body.number("temperature").also {
        if (it !in TEMPERATURES) {
            throw Problem.badRequest(
                "the message.temperature: found $it; expected ${TEMPERATURES.start} to" +
                    " ${TEMPERATURES.endInclusive} (1 is the model itself)",
            )
        }
    }

internal fun values(
    served: ServedModel,
    body: Body,
): IntArray {
    val image = served.image
    return body
        .wholes("values", image.values()..image.values(), 0 until image.levels())
        .toIntArray()
}

/** Reads {"values": all levels, "mask": for each pixel whether it is known}. */
private fun known(
    served: ServedModel,
    body: Body,
): KnownPixels {
    body.only("values", "mask")
    return KnownPixels.of(served.image, values(served, body), mask(served, body))
}

private fun mask(
    served: ServedModel,
    body: Body,
): PixelMask {
    val isKnown = body.booleans("mask", served.image.pixels()).chunked(served.image.width())
    return PixelMask.of(isKnown.map { it.toBooleanArray() }.toTypedArray())
}

private val TEMPERATURES = 0.01..10.0

/** What stands for a level that is not there yet. */
private const val NOT_DRAWN = -1
