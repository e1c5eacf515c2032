// The blind spot: a plain PixelCNN misses earlier pixels above on the right, however deep it is; the
// two stacks of Gated PixelCNN miss none (van den Oord et al. 2016, section 2.2, figure 1).
//
// Counts what one pixel sees in both, and draws the two pictures side by side:
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.BlindSpotsKt blind-spot.png

package io.weft.samples

import io.weft.define.Definition
import io.weft.dsl.gatedPixelCnn
import io.weft.dsl.pixelCnn
import io.weft.explain.FieldPicture
import io.weft.image.ContactSheet
import io.weft.prove.BlindSpot
import io.weft.samples.cli.checkPrinted
import io.weft.spec.ImageSpec
import java.nio.file.Path
import java.util.Locale
import kotlin.io.path.Path

private val IMAGE = ImageSpec(17, 17, 1, 2)

// The pixel that looks up: near the bottom, in the middle.
private const val ROW = 13
private const val COLUMN = 8

/** What the sample compares: the same kernels and as many layers, in one stack and in two. */
internal fun plain(blocks: Int): Definition =
    pixelCnn(IMAGE) {
        name("plain")
        blocks(blocks)
        maps(2)
        firstKernel(3)
    }

internal fun gated(blocks: Int): Definition =
    gatedPixelCnn(IMAGE) {
        name("gated")
        blocks(blocks)
        maps(4)
        firstKernel(3)
    }

/** Returns what the pixel that looks up misses; known from the definition, without any training. */
internal fun blindSpot(definition: Definition): BlindSpot =
    BlindSpot.of(definition.proof(), ROW, COLUMN, 0)

internal fun compareBlindSpots(
    picture: Path,
    say: (String) -> Unit,
) {
    say("pixel ($ROW, $COLUMN) of ${IMAGE.height()}x${IMAGE.width()} images, 3 x 3 kernels")
    for (blocks in listOf(2, 5, 12)) {
        for (definition in listOf(plain(blocks), gated(blocks))) {
            val spot = blindSpot(definition)
            val sees = spot.field().pixels()
            say(
                "%-5s with %2d blocks sees %3d pixels and is blind to %2d in reach"
                    .format(Locale.ROOT, definition.name(), blocks, sees, spot.pixels()),
            )
        }
    }
    val sides = listOf(plain(5), gated(5)).map { FieldPicture.of(it, ROW, COLUMN, 0).picture() }
    ContactSheet(2, 8, 255).of(sides).writePng(picture)
    say("wrote $picture")
}

/** Takes the picture's file. */
fun main(arguments: Array<String>) {
    compareBlindSpots(Path(arguments.getOrElse(0) { "blind-spot.png" }), ::println)
    checkPrinted()
}
