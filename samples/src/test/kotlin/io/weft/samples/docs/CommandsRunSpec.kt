package io.weft.samples.docs

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.weft.samples.cli.OwnProcess
import io.weft.samples.cli.Ran
import io.weft.samples.cli.Weft
import io.weft.samples.cli.weft
import picocli.CommandLine
import java.io.PrintWriter
import java.io.StringWriter
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import kotlin.concurrent.thread
import kotlin.io.path.exists

/** Every command that a page or a help text shows does its work, on small data. */
class CommandsRunSpec :
    StringSpec({
        val folder = tempdir().toPath()
        Scratch.fill(folder)
        val done = mutableSetOf<List<String>>()

        for ((page, commands) in SHOWN) {
            for (command in commands) {
                "$page: $command" {
                    val small = SmallCommand(arguments(command), folder)
                    if (done.add(small.arguments)) {
                        withClue(small) {
                            val ran = run(small.arguments)
                            withClue(ran) { ran.exitCode shouldBe 0 }
                            small.outputs.forAll { it.exists() shouldBe true }
                        }
                    }
                }
            }
        }

        for (command in Page.ALL.flatMap { it.commands }.filter { it.startsWith("java ") }) {
            // With the class path of this test in place of the distribution's.
            command {
                val (program, arguments) =
                    command
                        .split(
                            ' ',
                        ).drop(3)
                        .let { it.first() to it.drop(1) }
                val placed = arguments.map { folder.resolve(it).toString() }.toTypedArray()
                val words = OwnProcess.words(listOf(), *placed, program = program)
                val ran = OwnProcess.run(words, folder.toFile())
                withClue(ran) { ran.exitCode shouldBe 0 }
                placed.toList().forAll { Path.of(it).exists() shouldBe true }
            }
        }

        "all pages and all commands have some" {
            SHOWN.keys shouldContain "samples/BENCHMARKS.md"
            val run = done.map { it.first() }.toSet()
            (Weft.commandLine().subcommands.keys - run).shouldBeEmpty()
        }
    }) {
    private companion object {
        /** Commands to run, by where they are shown; models that others need are trained first. */
        val SHOWN: Map<String, List<String>> =
            Page.ALL
                .sortedBy { it.name }
                .associate { it.name to (it.commands + it.code).filter(::isRun).distinct() } +
                mapOf("help" to footers(Weft.commandLine()).distinct())

        /** Whether this is a command, and not only the name of one. */
        fun isRun(code: String): Boolean {
            if (!Regex("([A-Z_]+=\\S+ )*(\\S*/)?weft .*").matches(code)) return false
            val arguments = arguments(code)
            val small = SmallCommand(arguments, Path.of(""))
            return !small.isGroup &&
                !(small.isMissingOptions && arguments.none { it.startsWith("-") })
        }

        /** What comes after the program, without settings of the environment before it. */
        fun arguments(command: String) =
            command.split(' ').dropWhile { it.substringAfterLast('/') != "weft" }.drop(1)

        fun footers(command: CommandLine): List<String> =
            command.commandSpec
                .usageMessage()
                .footer()
                .filter { it.startsWith("  weft ") }
                .map { it.trim() } + command.subcommands.values.flatMap(::footers)

        /** Serving goes on until it is stopped, once it has said where. */
        fun run(arguments: List<String>): Ran =
            if (arguments.first() == "serve") serve(arguments) else weft(*arguments.toTypedArray())

        fun serve(arguments: List<String>): Ran {
            val out = StringWriter()
            val err = StringWriter()
            val code = CompletableFuture<Int>()
            val serving =
                thread {
                    val command = Weft.commandLine()
                    command.out = PrintWriter(out, true)
                    command.err = PrintWriter(err, true)
                    code.complete(command.execute(*arguments.toTypedArray()))
                }
            while (!code.isDone && "Ctrl-C" !in "$out") Thread.sleep(20)
            serving.interrupt()
            return Ran(code.get(), "$out", "$err")
        }
    }
}
