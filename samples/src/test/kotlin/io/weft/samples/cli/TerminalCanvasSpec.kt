package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.weft.spec.ImageSpec
import java.io.PrintWriter
import java.io.StringWriter

class TerminalCanvasSpec :
    StringSpec({
        val grey = ImageSpec(3, 2, 1, 3)
        val trueColour = Ink.of(Terminal.Colours.TRUE_COLOUR)

        fun filled(ink: Ink): TerminalCanvas {
            val canvas = TerminalCanvas(grey, 1, ink)
            for (row in 0..2) {
                for (column in 0..1) {
                    canvas[0, row, column] = intArrayOf(row)
                }
            }
            return canvas
        }

        "a character shows two pixels, one above the other" {
            filled(trueColour).line(0) shouldBe "\u001b[38;2;0;0;0;48;2;128;128;128m▀▀\u001b[0m"
        }

        "an odd last row has nothing below it" {
            val canvas = filled(trueColour)
            canvas.lines shouldBe 2
            canvas.line(1) shouldBe "\u001b[0;38;2;255;255;255m▀▀\u001b[0m"
        }

        "pixels that are not there yet show nothing" {
            val canvas = TerminalCanvas(grey, 1, trueColour)
            canvas.line(0) shouldBe "  "
            canvas[0, 1, 1] = intArrayOf(2)
            canvas.line(0) shouldBe " \u001b[0;38;2;255;255;255m▄\u001b[0m"
        }

        "colours come as they are" {
            val canvas = TerminalCanvas(ImageSpec(1, 1, 3, 256), 1, trueColour)
            canvas[0, 0, 0] = intArrayOf(1, 2, 3)
            canvas.line(0) shouldBe "\u001b[0;38;2;1;2;3m▀\u001b[0m"
        }

        "a palette has a ramp of greys and a cube of colours" {
            fun code(vararg levels: Int): String {
                val canvas =
                    TerminalCanvas(
                        ImageSpec(1, 1, levels.size, 256),
                        1,
                        Ink.of(Terminal.Colours.PALETTE),
                    )
                canvas[0, 0, 0] = levels
                return canvas.line(0).removePrefix("\u001b[0;38;5;").substringBefore('m')
            }
            code(0) shouldBe "16"
            code(255) shouldBe "231"
            code(11) shouldBe "232"
            code(244) shouldBe "255"
            code(255, 0, 0) shouldBe "196"
            code(0, 0, 255) shouldBe "21"
        }

        "without colours, density is brightness" {
            val canvas = filled(ShadeInk)
            canvas.line(0) shouldBe "::"
            canvas.line(1) shouldBe "@@"
        }

        "images stand side by side with a gap" {
            val canvas = TerminalCanvas(grey, 2, ShadeInk)
            canvas[0, 0, 0] = intArrayOf(2)
            canvas[1, 0, 1] = intArrayOf(2)
            canvas.line(0) shouldBe "@    @"
            canvas.captions(listOf("1", "22", "333")) shouldBe "1   22"
        }

        "as many as fit stand side by side" {
            TerminalCanvas.sideBySide(28, 80) shouldBe 2
            TerminalCanvas.sideBySide(28, 88) shouldBe 3
            TerminalCanvas.sideBySide(28, 27) shouldBe 0
        }

        "lines are printed once, when all of their pixels are there" {
            val text = StringWriter()
            val canvas = TerminalCanvas(grey, 1, ShadeInk)
            LineView(canvas, PrintWriter(text)).use { view ->
                fun put(
                    row: Int,
                    column: Int,
                ) {
                    canvas[0, row, column] = intArrayOf(2)
                    view.changed(row)
                }
                put(0, 0)
                put(0, 1)
                put(1, 0)
                text.toString() shouldBe ""
                put(1, 1)
                text.toString().trimEnd() shouldBe "@@"
                put(2, 0)
                put(2, 1)
                view.finish("7")
            }
            text.toString().trimEnd().lines() shouldBe listOf("@@", "@@", "7")
        }

        "what is higher than the terminal is not redrawn" {
            val canvas = TerminalCanvas(grey, 1, ShadeInk)

            fun view(
                lines: Int,
                colours: Terminal.Colours = Terminal.Colours.PALETTE,
            ) = CanvasView.of(
                canvas,
                Terminal(isThere = true, lines, columns = 80, colours),
                PrintWriter(StringWriter()),
            )
            canvas.lines shouldBe 2
            view(3).shouldBeInstanceOf<LiveView>()
            view(2).shouldBeInstanceOf<LineView>()
            view(3, Terminal.Colours.NONE).shouldBeInstanceOf<LineView>()
        }

        "a live view goes up, redraws what changed, and comes back" {
            var now = 0L
            val text = StringWriter()
            val canvas = TerminalCanvas(grey, 1, ShadeInk)
            LiveView(canvas, PrintWriter(text)) { now }.use { view ->
                val blank = text.toString()
                blank.lines().size shouldBe 3
                canvas[0, 0, 0] = intArrayOf(2)
                view.changed(0)
                text.toString() shouldBe blank
                now = 1_000_000_000
                canvas[0, 0, 1] = intArrayOf(2)
                view.changed(0)
                text.toString() shouldBe "$blank\u001b[2A\r@@\r\u001b[2B"
                view.finish("")
            }
            text.toString().endsWith("\u001b[2B") shouldBe true
        }
    })
