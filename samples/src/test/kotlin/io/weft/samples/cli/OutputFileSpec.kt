package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldNotBeEmpty
import picocli.CommandLine
import picocli.CommandLine.Model.OptionSpec
import java.nio.file.Path

/** Whoever adds an option for a file says whether it is read or written. */
class OutputFileSpec :
    StringSpec({
        // What is read, and what is a place for more than one file, looked at by each command.
        val read = setOf("--detector", "--definition", "--file", "--weights", "--mapping")
        val pictures = setOf("--mask", "--image")
        val either = setOf("--out")

        fun commands(of: CommandLine): List<CommandLine> =
            listOf(of) + of.subcommands.values.flatMap(::commands)

        fun OptionSpec.isPath() =
            type() == Path::class.java || auxiliaryTypes().any { it == Path::class.java }

        "every file that is written is looked at before the work" {
            val paths =
                commands(Weft.commandLine()).flatMap { it.commandSpec.options() }.filter {
                    it.isPath() && it.paramLabel() != "DIR"
                }
            paths
                .filter { option -> option.converters().none { it is OutputFile } }
                .map { it.longestName() }
                .filter { it !in read + pictures + either }
                .shouldBeEmpty()
            paths
                .filter { option ->
                    option.converters().any { it is OutputFile }
                }.shouldNotBeEmpty()
        }
    })
