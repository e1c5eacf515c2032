package io.weft.samples.serve

import io.ktor.http.HttpStatusCode
import io.weft.complete.KnownPixels
import io.weft.complete.PixelMask
import io.weft.dsl.sample
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
            val flow =
                served.model.sample(count, seed) {
                    this.temperature = temperature
                    batch = count
                    conditions(labels)
                    known?.let { complete(it) }
                }
            return Drawing(count, count * (known?.mask()?.missing() ?: served.image.pixels()), flow)
        }
    }
}

/** The distribution that a pixel of an image is drawn from. */
internal fun distribution(
    served: ServedModel,
    body: Body,
): Map<String, Any> {
    body.only("values", "drawn", "row", "column", "temperature", "labels", "known")
    val image = served.image
    val row = body.whole("row", 0 until image.height())
    val column = body.whole("column", 0 until image.width())
    val values = values(served, body)
    val known = if (body.has("known")) known(served, body.body("known")) else null
    checkContext(served, body, known, row * image.width() + column)
    val conditions = served.labels(body)(0)
    val plain =
        served.model
            .sampler(0)
            .temperature(temperature(body))
            .conditions { conditions }
    val sampler = known?.let { plain.complete(it) } ?: plain
    val probabilities =
        try {
            sampler.probabilities(values, row, column)
        } catch (e: IllegalArgumentException) {
            throw Problem(HttpStatusCode.Conflict, e.message.orEmpty())
        }
    return mapOf("channels" to probabilities.map { mapOf("probabilities" to it) })
}

/** Refuses to guess at pixels that the one asked for depends on and that are not drawn yet. */
private fun checkContext(
    served: ServedModel,
    body: Body,
    known: KnownPixels?,
    position: Int,
) {
    val drawn = body.booleans("drawn", served.image.pixels())
    val order =
        known
            ?.takeIf {
                served.definition.servesEveryOrder()
            }?.mask()
            ?.knownFirst(served.definition.orders())
            ?: served.definition.order()
    val earlier = (0 until order.rank(position)).map { order.position(it) }
    earlier.firstOrNull { !drawn[it] && known?.mask()?.isKnown(it) != true }?.let { missing ->
        val width = served.image.width()
        throw Problem(
            HttpStatusCode.Conflict,
            "the pixel at row ${missing / width}, column ${missing % width} comes earlier and" +
                " is not drawn yet; wait until it is",
        )
    }
}

/** What a layer, or without a name the output, sees from a pixel, and what it misses. */
internal fun receptiveField(
    served: ServedModel,
    layer: String?,
    row: Int,
    column: Int,
): Map<String, Any> {
    val proof = served.definition.proof()
    val image = served.image
    val spot =
        layer?.let { BlindSpot.ofFeature(proof, it, row, column) }
            ?: BlindSpot.of(proof, row, column, image.channels() - 1)
    val width = image.width()
    val field =
        (0 until image.pixels()).filter {
            spot.field().channelsSeen(it / width, it % width) >
                0
        }
    val blind = spot.values().map { it.row() * width + it.column() }.distinct()
    return linkedMapOf("field" to field, "blindSpot" to blind)
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

private fun values(
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
    val image = served.image
    val isKnown = body.booleans("mask", image.pixels()).chunked(image.width())
    val mask = PixelMask.of(isKnown.map { it.toBooleanArray() }.toTypedArray())
    return KnownPixels.of(image, values(served, body), mask)
}

private val TEMPERATURES = 0.01..10.0
