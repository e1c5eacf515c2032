package io.weft.samples.cli

import io.weft.image.Picture
import io.weft.spec.ImageSpec

/**
 * Images side by side as lines of text, a character for two pixels. Pixels that are not set yet
 * show nothing.
 *
 * @param image the form of each image
 * @param count how many there are
 */
internal class TerminalCanvas(
    private val image: ImageSpec,
    private val count: Int,
    private val ink: Ink,
) {
    private val pixel = ImageSpec(1, 1, image.channels(), image.levels())
    private val pixels = Array(count) { arrayOfNulls<Rgb>(image.pixels()) }

    /** How many lines the images take. */
    val lines: Int = (image.height() + 1) / 2

    /** Sets a pixel; [levels] holds a level for each channel. */
    operator fun set(
        index: Int,
        row: Int,
        column: Int,
        levels: IntArray,
    ) {
        val seen = Picture.of(pixel, levels).chequered().coloured()
        pixels[index][row * image.width() + column] =
            Rgb(seen.value(0, 0, 0), seen.value(0, 0, 1), seen.value(0, 0, 2))
    }

    /** Returns whether every pixel of a line is set. */
    fun isComplete(line: Int): Boolean =
        pixels.all { of ->
            (0 until image.width()).all { column ->
                at(of, 2 * line, column) != null &&
                    (2 * line + 1 == image.height() || at(of, 2 * line + 1, column) != null)
            }
        }

    /** Returns a line, without a line feed. */
    fun line(line: Int): String {
        val text = StringBuilder()
        var style = ink.reset

        fun put(
            upper: Rgb?,
            lower: Rgb?,
        ) {
            val wanted = ink.style(upper, lower)
            if (wanted != style) {
                text.append(wanted)
                style = wanted
            }
            text.append(ink.glyph(upper, lower))
        }
        pixels.forEachIndexed { index, of ->
            if (index > 0) {
                repeat(GAP) { put(null, null) }
            }
            for (column in 0 until image.width()) {
                put(at(of, 2 * line, column), at(of, 2 * line + 1, column))
            }
        }
        if (style != ink.reset) {
            text.append(ink.reset)
        }
        return text.toString()
    }

    /** Returns a line with a word in the middle below each image, cut where it is too long. */
    fun captions(words: List<String>): String =
        words
            .take(count)
            .joinToString(" ".repeat(GAP)) { word ->
                val cut = word.take(image.width())
                val left = (image.width() - cut.length) / 2
                " ".repeat(left) + cut + " ".repeat(image.width() - cut.length - left)
            }.trimEnd()

    private fun at(
        of: Array<Rgb?>,
        row: Int,
        column: Int,
    ): Rgb? = if (row < image.height()) of[row * image.width() + column] else null

    internal companion object {
        private const val GAP = 2

        /** How many images fit side by side in a number of columns; 0 if not even one. */
        fun sideBySide(
            imageWidth: Int,
            columns: Int,
        ): Int = (columns + GAP) / (imageWidth + GAP)
    }
}
