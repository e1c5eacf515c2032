package io.weft.samples.cli

import io.weft.advice.Finding
import io.weft.advice.Verdict
import io.weft.doctor.Doctor
import picocli.CommandLine.Command
import java.util.Locale

/** `weft doctor`: what there is, what is missing, and what to do. */
@Command(
    name = "doctor",
    description = [
        "Look at all that the work depends on: Java and its vector module, the processor, memory," +
            " TensorFlow's native library, and what a GPU needs. It ends with 1 if something that" +
            " is meant to work does not.",
    ],
    footer = ["", "Examples:", "  weft doctor", "  weft doctor --json"],
)
internal class DoctorCommand : WeftCommand() {
    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val findings = Doctor.examine()
        val advice = OptionAdvice(spec)
        val width = findings.maxOf { it.subject().length }
        findings.forEach { finding ->
            console.say(line(finding, width))
            finding.advice().ifPresent { console.say(" ".repeat(INDENT) + advice.sentence(it)) }
        }
        val broken = findings.any { it.verdict() == Verdict.BROKEN }
        return Outcome(
            linkedMapOf(
                "findings" to
                    findings.map { finding ->
                        linkedMapOf(
                            "subject" to finding.subject(),
                            "verdict" to word(finding.verdict()),
                            "found" to finding.found(),
                            "advice" to finding.advice().map(advice::sentence).orElse(null),
                        )
                    },
            ),
            if (broken) ExitCode.FAILED else ExitCode.OK,
        )
    }

    private fun line(
        finding: Finding,
        width: Int,
    ): String =
        word(finding.verdict()).padEnd(INDENT) +
            "${finding.subject()}: ".padEnd(width + 2) +
            finding.found()

    private fun word(verdict: Verdict): String = verdict.name.lowercase(Locale.ROOT)

    private companion object {
        /** As wide as the longest verdict and a gap. */
        const val INDENT = 9
    }
}
