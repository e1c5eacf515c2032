package io.weft.samples.cli

import io.weft.graph.ImageSpec
import io.weft.image.ContactSheet
import io.weft.image.Picture
import io.weft.sample.Sampler
import java.nio.file.Path
import kotlin.math.min

/**
 * Draws the images of a sampler and shows how that goes.
 *
 * @param captions a word for each image, or empty
 */
internal class SampleDrawing(
    private val sampler: Sampler,
    private val captions: List<String>,
) {
    private val image: ImageSpec = sampler.definition().image()

    /** Draws in lockstep groups of [batch], with a progress bar, and returns the images' levels. */
    fun withProgress(
        console: Console,
        batch: Int,
    ): List<IntArray> =
        console.progress("sample", sampler.count().toLong() * image.height()).use { progress ->
            var rows = 0L
            collect(sampler.batch(batch)) { _, row, column ->
                if (column == image.width() - 1) {
                    progress.at(++rows, "row ${row + 1} of ${image.height()}")
                }
            }
        }

    /** Draws as many in lockstep as fit side by side on the terminal, and shows every pixel. */
    fun live(
        console: Console,
        batch: Int,
    ): List<IntArray> {
        val terminal = console.textTerminal
        val fitting = TerminalCanvas.sideBySide(image.width(), terminal.columns)
        if (fitting == 0) {
            console.note(
                "images of ${image.width()} columns do not fit in ${terminal.columns}; not shown",
            )
            return withProgress(console, batch)
        }
        val group = min(fitting, batch)
        return (0 until sampler.count() step group).flatMap { first ->
            group(console, terminal, first, min(group, sampler.count() - first))
        }
    }

    private fun group(
        console: Console,
        terminal: Terminal,
        first: Int,
        count: Int,
    ): List<IntArray> {
        val canvas = TerminalCanvas(image, count, Ink.of(terminal.colours))
        val part = sampler.firstImage(first.toLong()).count(count).batch(count)
        val view =
            if (terminal.isThere && terminal.colours != Terminal.Colours.NONE) {
                LiveView(canvas, console.text)
            } else {
                LineView(canvas, console.text)
            }
        return view.use {
            val images =
                collect(part, first) { levels, row, column ->
                    canvas[levels.index, row, column] = levels.pixel
                    view.changed(row)
                }
            view.finish(canvas.captions(captions.drop(first)))
            images
        }
    }

    private class Drawn(
        val index: Int,
        val pixel: IntArray,
    )

    private fun collect(
        part: Sampler,
        first: Int = 0,
        show: (Drawn, Int, Int) -> Unit,
    ): List<IntArray> {
        val images = List(part.count()) { IntArray(image.values()) }
        part.pixels().iterator().use { pixels ->
            pixels.forEach { pixel ->
                val index = (pixel.image() - first).toInt()
                val at = (pixel.row() * image.width() + pixel.column()) * image.channels()
                val values = pixel.values()
                values.copyInto(images[index], at)
                show(Drawn(index, values), pixel.row(), pixel.column())
            }
        }
        return images
    }

    /** Writes images on one sheet, each pixel enlarged [scale] times. */
    fun write(
        images: List<IntArray>,
        columns: Int,
        scale: Int,
        file: Path,
    ) {
        ContactSheet(columns).of(images.map { Picture.of(image, it) }).scaled(scale).writePng(file)
    }
}
