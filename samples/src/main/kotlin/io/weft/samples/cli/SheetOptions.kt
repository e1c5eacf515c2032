package io.weft.samples.cli

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
    }
}
