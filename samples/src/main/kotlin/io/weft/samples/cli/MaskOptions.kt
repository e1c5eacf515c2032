package io.weft.samples.cli

import io.weft.advice.AdvisedException
import io.weft.complete.Half
import io.weft.complete.PixelMask
import io.weft.image.Picture
import io.weft.spec.ImageSpec
import picocli.CommandLine.Option
import java.nio.file.Path

/** Which pixels are missing. */
internal class MaskOptions {
    @Option(
        names = ["--mask"],
        required = true,
        paramLabel = "FILE",
        description = [
            "A picture of the mask: white is missing, black is known; or, if it is transparent" +
                " anywhere, that is missing.",
        ],
    )
    private var picture: Path? = null

    @Option(
        names = ["--transparent"],
        required = true,
        description = ["What is transparent in --image is missing."],
    )
    private var transparent = false

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

    /** Whether the picture itself says what is missing. */
    val isCutOut: Boolean get() = transparent

    /** Checks the options that need no files. */
    fun check(
        original: Path?,
        misuse: (String) -> Nothing,
    ) {
        if (transparent && original == null) {
            misuse("--transparent is for the picture of --image; give that")
        }
    }

    /**
     * Returns the mask of the model's images.
     *
     * @param original the picture to complete, if it is one
     */
    fun read(
        image: ImageSpec,
        original: Path?,
        reading: Reading,
        tell: (String) -> Unit,
        misuse: (String) -> Nothing,
    ): PixelMask {
        val file = if (transparent) original else picture
        if (file != null) {
            // What there is to tell of the picture has been told.
            val shown =
                OriginalOptions.pictureFile(file, image, reading.ofMasks()) {
                    if (!transparent) tell(it)
                }
            return readingInput {
                try {
                    val drawn = Picture.of(shown, 0)
                    if (transparent) {
                        PixelMask.transparentIsMissing(drawn)
                    } else {
                        PixelMask.shownBy(drawn)
                    }
                } catch (e: IllegalArgumentException) {
                    throw AdvisedException.at("$file", e)
                }
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
