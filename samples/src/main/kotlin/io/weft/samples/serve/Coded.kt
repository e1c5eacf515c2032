package io.weft.samples.serve

import io.weft.codec.Codec
import io.weft.data.Examples
import io.weft.data.ImageSet
import java.io.ByteArrayOutputStream
import java.util.Base64
import kotlin.math.ln

/** Most images that are coded together. */
internal const val MOST_CODED = 16

/**
 * Codes images, decodes them again and compares, and says what each pixel costs in bits. Reads
 * {"images": their levels, "labels"?}.
 */
internal fun compress(
    served: ServedModel,
    body: Body,
): Map<String, Any> {
    body.only("images", "labels")
    val model = served.single
    val image = served.image
    val images = body.lists("images", 1..MOST_CODED, image.values(), 0 until image.levels())
    val labels = served.labels(body)
    val set = ImageSet.of(image, images.flatten().toIntArray())
    val examples = Examples.conditioned(set) { labels(it.toLong()) }
    val codec = Codec.of(model)
    val coded = codec.encode(examples)
    val file = ByteArrayOutputStream().also { coded.writeTo(it) }.toByteArray()
    val decoded = codec.open(file).decode()
    check(images.indices.all { decoded.image(it).toList() == images[it] }) {
        "what is decoded is not what was coded; keep the images, and report it"
    }
    val scores = model.score(examples)
    return linkedMapOf(
        "bytes" to coded.bytes(),
        "headerBytes" to coded.headerBytes(),
        "bits" to images.indices.map { i -> scores.pixelLogLikelihoods(i).map { -it / ln(2.0) } },
        "file" to base64(file),
    )
}

/** Says how unlike good images one is, and where. Reads {"values": its levels}. */
internal fun check(
    served: ServedModel,
    body: Body,
): Map<String, Any> {
    body.only("values")
    val detector = served.detector
    val found = detector.check(ImageSet.of(served.image, values(served, body)))
    return linkedMapOf(
        "score" to found.score(0),
        "by" to found.by().label(),
        "pValue" to found.pValue(0),
        "isAnomalous" to found.isAnomalous(0),
        "falseAlarms" to detector.falseAlarms(),
        "heldOut" to detector.heldOut(),
        "heat" to found.heat(0),
        "picture" to base64(found.heatMap(0).enlargedTo(HEAT_SIDE).toPng()),
    )
}

private fun base64(bytes: ByteArray): String = Base64.getEncoder().encodeToString(bytes)

/** The longer side of a heat map, in pixels; whole ones for each of the image's. */
private const val HEAT_SIDE = 448
