package io.weft.samples.cli

import java.io.PrintWriter

/** Shows a canvas while it is being filled. */
internal interface CanvasView : AutoCloseable {
    /** A pixel in this row of the canvas's images is new. */
    fun changed(row: Int)

    /** All pixels are there; [captions] is a line to put below, or empty. */
    fun finish(captions: String)

    /** Frees nothing, but leaves the cursor below the images. */
    override fun close()

    companion object {
        /** A view for a terminal. Of what has gone beyond its upper edge nothing can be redrawn. */
        fun of(
            canvas: TerminalCanvas,
            terminal: Terminal,
            out: PrintWriter,
        ): CanvasView {
            val isColoured = terminal.isThere && terminal.colours != Terminal.Colours.NONE
            return if (isColoured && canvas.lines < terminal.lines) {
                LiveView(canvas, out)
            } else {
                LineView(canvas, out)
            }
        }
    }
}

/** Redraws the lines that changed, in place, a few dozen times a second. */
internal class LiveView(
    private val canvas: TerminalCanvas,
    private val out: PrintWriter,
    private val nanoTime: () -> Long = System::nanoTime,
) : CanvasView {
    private val changed = sortedSetOf<Int>()
    private var drawn = nanoTime()
    private var open = true

    init {
        repeat(canvas.lines) { out.println() }
        out.flush()
    }

    override fun changed(row: Int) {
        changed += row / 2
        if (nanoTime() - drawn >= FRAME_NANOS) {
            draw()
        }
    }

    override fun finish(captions: String) {
        draw()
        if (captions.isNotEmpty()) {
            out.println(captions)
        }
        open = false
        out.flush()
    }

    override fun close() {
        if (open) {
            draw()
        }
    }

    /** The cursor rests in the line below the canvas. */
    private fun draw() {
        for (line in changed) {
            val up = canvas.lines - line
            out.print("\u001b[${up}A\r${canvas.line(line)}\r\u001b[${up}B")
        }
        changed.clear()
        out.flush()
        drawn = nanoTime()
    }

    private companion object {
        const val FRAME_NANOS = 33_000_000L
    }
}

/** Prints each line once, when all of its pixels are there; no escape codes. */
internal class LineView(
    private val canvas: TerminalCanvas,
    private val out: PrintWriter,
) : CanvasView {
    private var next = 0

    override fun changed(row: Int) {
        while (next < canvas.lines && row / 2 >= next && canvas.isComplete(next)) {
            out.println(canvas.line(next))
            out.flush()
            next++
        }
    }

    override fun finish(captions: String) {
        while (next < canvas.lines) {
            out.println(canvas.line(next++))
        }
        if (captions.isNotEmpty()) {
            out.println(captions)
        }
        out.flush()
    }

    override fun close() = Unit
}
