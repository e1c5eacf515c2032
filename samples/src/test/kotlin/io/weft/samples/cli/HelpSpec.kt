package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith

class HelpSpec :
    StringSpec({
        val commands =
            listOf(
                "demo",
                "models",
                "data",
                "train",
                "score",
                "classify",
                "anomalies",
                "sample",
                "complete",
                "compress",
                "decompress",
                "export",
                "explain",
                "bench",
                "bench train",
                "bench sample",
                "bench compress",
            )

        for (command in commands) {
            "weft $command --help shows an example and the exit codes" {
                val ran = weft(*command.split(' ').toTypedArray(), "--help")
                ran.exitCode shouldBe ExitCode.OK
                ran.out shouldStartWith "Usage: weft $command"
                ran.out shouldContain "  weft $command "
                ran.out shouldContain "Exit codes:"
                ran.out shouldContain "130"
                ran.err shouldBe ""
            }
        }

        "weft --help lists every command" {
            val ran = weft("--help")
            ran.exitCode shouldBe ExitCode.OK
            commands.filter { ' ' !in it }.forEach { ran.out shouldContain "  $it " }
        }

        "weft alone shows the same as weft --help" {
            weft().out shouldBe weft("--help").out
        }
    })
