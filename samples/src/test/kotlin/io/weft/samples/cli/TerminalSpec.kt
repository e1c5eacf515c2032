package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.weft.samples.cli.Terminal.Colours

class TerminalSpec :
    StringSpec({
        "colours follow the environment" {
            Terminal.colours(mapOf("TERM" to "xterm-256color")) shouldBe Colours.PALETTE
            Terminal.colours(mapOf("TERM" to "xterm", "COLORTERM" to "truecolor")) shouldBe
                Colours.TRUE_COLOUR
            Terminal.colours(mapOf("TERM" to "xterm", "NO_COLOR" to "1")) shouldBe Colours.NONE
            Terminal.colours(mapOf("TERM" to "dumb", "COLORTERM" to "truecolor")) shouldBe
                Colours.NONE
            Terminal.colours(mapOf()) shouldBe Colours.NONE
            Terminal.colours(mapOf("WT_SESSION" to "x")) shouldBe Colours.TRUE_COLOUR
        }

        "without a terminal there is a line now and then" {
            val lines = mutableListOf<String>()
            var now = 0L
            val progress = LineProgress("work", 100, lines::add) { now }

            fun at(
                second: Long,
                done: Long,
            ) {
                now = second * 1_000_000_000
                progress.at(done, "so far")
            }
            at(9, 10)
            lines.shouldBeEmpty()
            at(10, 11)
            at(19, 15)
            at(200, 50)
            at(400, 100)
            lines shouldContainExactly
                listOf(
                    "work: 11 of 100 (11 %), so far, 1 min 20 s left",
                    "work: 50 of 100 (50 %), so far, 3 min 20 s left",
                )
            progress.milestone(50, "half")
            lines.last() shouldBe "work: half at 50 of 100"
        }
    })
