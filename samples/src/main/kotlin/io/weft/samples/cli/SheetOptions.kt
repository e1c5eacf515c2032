package io.weft.samples.cli

import io.weft.spec.ImageSpec
import picocli.CommandLine.Option
import java.nio.file.Path

/** All images on one sheet, if that is asked for. */
internal class SheetOptions {
    @Option(
        names = ["--png"],
        paramLabel = "FILE",
        converter = [OutputFile::class],
        description = ["Write all images on one sheet."],
    )
    private var png: Path? = null

    @Option(
        names = ["--scale"],
        paramLabel = "N",
        description = ["Enlarge each pixel of the sheet N times (default \${DEFAULT-VALUE})."],
    )
    private var scale = 4

    /** Whether a sheet is asked for. */
    val isAny: Boolean get() = png != null

    /** Checks the range. */
    fun check(misuse: (String) -> Nothing) {
        if (scale !in 1..MOST_SCALE) misuse("--scale=$scale; expected 1 to $MOST_SCALE")
    }

    /** Checks, before [count] images are drawn, that a picture can hold them, [columns] in a row. */
    fun checkSize(
        image: ImageSpec,
        count: Int,
        columns: Int,
        misuse: (String) -> Nothing,
    ) {
        val rows = (count + columns - 1L) / columns
        val pixels = rows * image.height() * scale * (columns.toLong() * image.width() * scale)
        if (isAny && pixels > MOST_PIXELS) {
            misuse(
                "--png with ${counted(count, "image")} at --scale=$scale would be a picture of" +
                    " $pixels pixels, more than $MOST_PIXELS; give a smaller --scale or --count",
            )
        }
    }

    /**
     * Writes the sheet, if one is asked for and there is an image; returns where it is.
     *
     * @param write writes it with each pixel enlarged so many times
     */
    fun write(
        drawn: DrawnImages,
        console: Console,
        write: (Int, Path) -> Unit,
    ): Path? =
        png?.takeIf { drawn.images.isNotEmpty() }?.also {
            write(scale, it)
            console.say("wrote $it")
        }

    private companion object {
        const val MOST_SCALE = 64

        /** As many as a picture can have, with their captions, colours and what lies between. */
        const val MOST_PIXELS = 400_000_000L
    }
}
