package io.weft.samples.cli

import io.weft.complete.Half
import io.weft.complete.PixelMask
import io.weft.graph.ImageSpec
import io.weft.image.Picture
import picocli.CommandLine.Option
import java.nio.file.Path

/** Which pixels are missing. */
internal class MaskOptions {
    @Option(
        names = ["--mask"],
        required = true,
        paramLabel = "FILE",
        description = ["A picture of the mask: white is missing, black is known."],
    )
    private var picture: Path? = null

    @Option(
        names = ["--hole"],
        required = true,
        paramLabel = "X,Y,W,H",
        description = [
            "A rectangle is missing: W columns from column X on, H rows from row Y on, both" +
                " counted from 0 at the top left.",
        ],
    )
    private var hole: String? = null

    @Option(
        names = ["--half"],
        required = true,
        paramLabel = "HALF",
        description = ["This half is missing: top, bottom, left or right."],
    )
    private var half: Half? = null

    /** Returns the mask of the model's images. */
    fun read(
        image: ImageSpec,
        fit: Boolean,
        misuse: (String) -> Nothing,
    ): PixelMask {
        val file = picture
        if (file != null) {
            return readingInput {
                val grey = ImageSpec(image.height(), image.width(), 1, image.levels())
                PixelMask.whiteIsMissing(
                    Picture.of(OriginalOptions.pictureFile(file, grey, fit), 0),
                )
            }
        }
        return try {
            half?.let { PixelMask.withoutHalf(image, it) } ?: hole(image, misuse)
        } catch (e: IllegalArgumentException) {
            misuse(e.message.orEmpty())
        }
    }

    private fun hole(
        image: ImageSpec,
        misuse: (String) -> Nothing,
    ): PixelMask {
        val numbers = hole.orEmpty().split(',').map { it.trim().toIntOrNull() }
        if (numbers.size != SIDES || null in numbers) {
            misuse(
                "--hole=$hole; expected four numbers: column, row, width, height, like 9,9,10,10",
            )
        }
        val (x, y, width, height) = numbers.filterNotNull()
        return PixelMask.hole(image, x, y, width, height)
    }

    private companion object {
        const val SIDES = 4
    }
}
