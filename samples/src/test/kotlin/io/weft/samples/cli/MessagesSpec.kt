package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import io.weft.advice.Advice
import io.weft.advice.AdvisedException
import io.weft.samples.Repository
import java.io.File

/** Messages that reach a person at the command line speak of options, never of the API. */
class MessagesSpec :
    StringSpec({
        val core = File(Repository.ROOT.toFile(), "core")

        "the library's messages keep what to do in the API apart, as advice" {
            val found =
                core
                    .walk()
                    .filter { it.extension == "java" }
                    .map { it.relativeTo(core).invariantSeparatorsPath }
                    .filter { MAIN in it }
                    .map { it.substringAfter(MAIN) to File(core, it).readText() }
                    .filterNot { (file, _) -> file in NEVER_AT_A_COMMAND_LINE }
                    .flatMap { (file, text) -> ApiTalk.inLiterals(text).map { "$file: $it" } }
                    .toList()
            withClue("say it as an Advice, which OptionAdvice has words for") {
                found.shouldBeEmpty()
            }
        }

        "the command line's own words have none" {
            val own = File(Repository.ROOT.toFile(), "samples/src/main/kotlin/io/weft/samples/cli")
            own
                .walk()
                .filter { it.extension == "kt" }
                .flatMap { ApiTalk.inLiterals(it.readText().replace(TEMPLATE, "")) }
                .filterNot { words -> ON_PROGRAMS.any { it in words } }
                .toList()
                .shouldBeEmpty()
        }

        "every advice is said in options, in every command" {
            val commands = Weft.commandLine().subcommands.values + Weft.commandLine()
            Advice.entries.forEach { advice ->
                commands.forEach { command ->
                    val words =
                        OptionAdvice(command.commandSpec)
                            .words(AdvisedException("so it is", advice))
                    withClue("$advice: $words") {
                        words.startsWith("so it is. ") shouldBe true
                        words.endsWith(".") shouldBe true
                        ApiTalk.inText(words).shouldBeEmpty()
                    }
                }
            }
        }

        "words around a refusal stay" {
            val words = OptionAdvice(Weft.commandLine().commandSpec)
            val refusal = AdvisedException("found 3", Advice.CALM_TRAINING)
            words.words(InputException("--resume: ${refusal.message}", refusal)) shouldBe
                "--resume: found 3. Give a lower --rate, or --clip=1 to limit gradients."
            words.words(InputException("quite another thing", refusal)) shouldBe
                "quite another thing"
            words.words(AdvisedException.at("example 7", refusal)) shouldBe
                "example 7: found 3. Give a lower --rate, or --clip=1 to limit gradients."
        }

        "talk of the API would be seen" {
            val bad = listOf("use fittedTo (h, w)", "Mnist.download has it", "wait for done()")
            bad.forEach { ApiTalk.inText(it).shouldNotBeEmpty() }
            ApiTalk.inLiterals("""  f("a", "take " + n + "; use withLabel");""") shouldBe
                listOf("; use withLabel")
        }
    }) {
    private companion object {
        const val MAIN = "src/main/java/io/weft/"

        /** What speaks to programmers alone, or of an SVG. */
        val NEVER_AT_A_COMMAND_LINE =
            mapOf(
                "advice/Advice.java" to "is the one place for it",
                "complete/KnownPixels.java" to "only a program asks for a missing pixel's level",
                "data/Examples.java" to "only a program gives null for conditions",
                "data/SetExamples.java" to "only a program gives null for conditions",
                "data/ImageSet.java" to "only a program gives levels itself",
                "define/Definition.java" to "only a program declares conditions that nobody reads",
                "engine/EngineMissingException.java" to "the command line has TensorFlow",
                "explain/Figure.java" to "SVG",
                "explain/LayerDiagram.java" to "SVG",
                "explain/Mermaid.java" to "Mermaid",
                "spec/ConditionValues.java" to "only a program gives numbers for a class",
                "prove/ColourRepair.java" to "only a program declares layers",
                "prove/Remedies.java" to "only a program declares layers",
                "sample/NoCompiler.java" to "only a program makes samplers of its own weights",
                "sample/SamplingExecutor.java" to "only a program asks for rows in a call",
                "sample/SamplingRun.java" to "only a program steps a run",
                "internal/save/ModelPlace.java" to "only a program has other file systems",
                "train/TrainingEvent.java" to "only a program prints events",
                "train/TrainingOptions.java" to "the command line refuses its own --keep first",
                "internal/thread/Interruption.java" to
                    "a command is interrupted by Ctrl-C, and ends",
                "internal/tensorflow/GraphLowering.java" to "only a program has layers of its own",
            ).keys

        /** Where the command line has no way, it names the library's. */
        val ON_PROGRAMS = listOf("use the library (")

        /** What Kotlin puts into a text. */
        val TEMPLATE = Regex("""\$\{(?:[^{}]|\{[^{}]*})*}|\$[a-zA-Z]\w*(?:\.\w+)?""")
    }
}
