package io.weft.samples.cli

import io.weft.complete.KnownPixels
import io.weft.image.ContactSheet
import io.weft.image.Picture
import io.weft.sample.Pixel
import io.weft.spec.ImageSpec
import java.nio.file.Path
import java.util.concurrent.CancellationException
import kotlin.math.min

/**
 * Draws images and shows how that goes; Ctrl-C stops at the next pixel and keeps
 * the images that were finished.
 *
 * @param captions a word for each image, or empty
 * @param known what is known of each image, where they are completed
 */
internal class SampleDrawing(
    private val drawable: Drawable,
    private val captions: List<String>,
    private val stop: StopSignal,
    private val known: (Int) -> KnownPixels? = { null },
) {
    private val image: ImageSpec = drawable.image

    /** Draws in lockstep groups of [batch], with a progress bar. */
    fun withProgress(
        console: Console,
        batch: Int,
    ): DrawnImages =
        stop.during {
            val pixels = (0 until drawable.count).sumOf { missing(it).toLong() }
            console.progress("sample", pixels).use { progress ->
                var drawn = 0L
                collect(drawable.batch(batch)) { _, _ -> progress.at(++drawn, "pixels") }
            }
        }

    /** Draws as many in lockstep as fit side by side on the terminal, and shows every pixel. */
    fun live(
        console: Console,
        batch: Int,
    ): DrawnImages {
        val terminal = console.textTerminal
        val fitting = TerminalCanvas.sideBySide(image.width(), terminal.columns)
        if (fitting == 0) {
            console.note(
                "images of ${image.width()} columns do not fit in ${terminal.columns}; not shown",
            )
            return withProgress(console, batch)
        }
        val group = min(fitting, batch)
        return stop.during {
            val groups =
                (0 until drawable.count step group)
                    .asSequence()
                    .map { group(console, terminal, it, min(group, drawable.count - it)) }
            val images = mutableListOf<IntArray>()
            val isStopped =
                groups.any { drawn ->
                    images += drawn.images
                    drawn.isStopped
                }
            DrawnImages(images, isStopped)
        }
    }

    private fun group(
        console: Console,
        terminal: Terminal,
        first: Int,
        count: Int,
    ): DrawnImages {
        val canvas = TerminalCanvas(image, count, Ink.of(terminal.colours))
        val part = drawable.part(first, count)
        val view = CanvasView.of(canvas, terminal, console.text)
        repeat(count) { showKnown(canvas, it, known(first + it)) }
        return view.use {
            val drawn =
                collect(part, first) { index, pixel ->
                    canvas[index, pixel.row(), pixel.column()] = pixel.values()
                    view.changed(pixel.row())
                }
            if (!drawn.isStopped) {
                view.finish(canvas.captions(captions.drop(first)))
            }
            drawn
        }
    }

    private fun showKnown(
        canvas: TerminalCanvas,
        index: Int,
        known: KnownPixels?,
    ) {
        for (position in 0 until image.pixels()) {
            if (known?.mask()?.isKnown(position) == true) {
                val row = position / image.width()
                val column = position % image.width()
                val levels = IntArray(image.channels()) { known.level(row, column, it) }
                canvas[index, row, column] = levels
            }
        }
    }

    private fun missing(index: Int): Int = known(index)?.mask()?.missing() ?: image.pixels()

    private fun collect(
        part: Drawable,
        first: Int = 0,
        show: (Int, Pixel) -> Unit,
    ): DrawnImages {
        val images =
            List(part.count) { known(first + it)?.levels() ?: IntArray(image.values()) }
        val remaining = IntArray(part.count) { missing(first + it) }
        try {
            part.draw { pixel ->
                val index = (pixel.image() - first).toInt()
                val position = pixel.row() * image.width() + pixel.column()
                pixel.values().copyInto(images[index], position * image.channels())
                show(index, pixel)
                remaining[index]--
            }
        } catch (_: CancellationException) {
            return DrawnImages(images.take(remaining.takeWhile { it == 0 }.size), true)
        }
        return DrawnImages(images, false)
    }

    /** Writes images on one sheet, each pixel enlarged [scale] times, above their captions. */
    fun write(
        images: List<IntArray>,
        columns: Int,
        scale: Int,
        file: Path,
    ) = sheet(columns, scale, images.map { Picture.of(image, it) }, captions.take(images.size))
        .writePng(file)

    companion object {
        /** Lays pictures out, each pixel enlarged [scale] times, above [captions], if there are. */
        fun sheet(
            columns: Int,
            scale: Int,
            pictures: List<Picture>,
            captions: List<String>,
        ): Picture {
            val layout = ContactSheet(columns).scaled(scale)
            val enlarged = pictures.map { it.chequered().scaled(scale) }
            return if (captions.isEmpty()) layout.of(enlarged) else layout.of(enlarged, captions)
        }
    }
}
