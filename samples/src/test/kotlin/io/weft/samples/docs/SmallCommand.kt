package io.weft.samples.docs

import io.weft.engine.Device
import io.weft.engine.Precision
import io.weft.samples.cli.Weft
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.Model.OptionSpec
import java.nio.file.Path

/**
 * A command as the documentation shows it, and the same made small enough for a test: in a folder of
 * its own, over fewer and smaller steps, in a precision that the processor has. Nothing else is
 * changed.
 *
 * @property shown the arguments as shown
 * @property folder where relative paths lead
 */
internal class SmallCommand(
    private val shown: List<String>,
    private val folder: Path,
) {
    private val path = mutableListOf<String>()
    private val spec = command(Weft.commandLine().commandSpec, shown)

    private fun command(
        from: CommandSpec,
        words: List<String>,
    ): CommandSpec {
        val next = words.firstOrNull()?.let { from.subcommands()[it] } ?: return from
        path += words.first()
        return command(next.commandSpec, words.drop(1))
    }

    /** Whether this is only the name of commands below it. */
    val isGroup: Boolean get() = spec.subcommands().isNotEmpty()

    /** The options that it has no value for, though it needs one. */
    val isMissingOptions: Boolean
        get() =
            spec.requiredArgs().filterIsInstance<OptionSpec>().any {
                it.names().none(
                    shown::contains,
                )
            }

    private val name = path.joinToString(" ")
    private val given = here(shown.drop(path.size))

    /** The arguments to run. */
    val arguments: List<String> = path + changed(given) + added(given)

    /** The files and folders that it is to write. */
    val outputs: List<Path> =
        arguments.zipWithNext().filter { it.first in WRITTEN }.map { Path.of(it.second) }

    /** On this machine, as there is no cluster; that they do the same is FleetCommandsSpec's to say. */
    private fun here(words: List<String>): List<String> =
        words.filterIndexed { i, word -> word != "--spark" && words.getOrNull(i - 1) != "--spark" }

    private fun changed(words: List<String>): List<String> =
        words.mapIndexed { i, word -> words.getOrNull(i - 1)?.let { value(it, word) } ?: word }

    private fun isPlace(found: OptionSpec) =
        found.names().any { it in DATA } ||
            found.auxiliaryTypes().any { it.simpleName in setOf("Path", "ModelSource") }

    /** What becomes of a word that comes after an option. */
    private fun value(
        option: String,
        word: String,
    ): String {
        val found = spec.options().find { option in it.names() }
        return when {
            found == null || found.arity().max() == 0 -> word
            isPlace(found) -> placed(word)
            else -> SMALLER[option]?.invoke(word) ?: word
        }
    }

    private fun placed(word: String) =
        if (word == "embedded" || word.startsWith("builtin:")) {
            word
        } else {
            folder.resolve(word).toString()
        }

    /** What makes it small where nothing is shown; a model that is fine-tuned has its network. */
    private fun added(words: List<String>): List<String> =
        ADDED[name]
            .orEmpty()
            .filterKeys { it !in words && !("--from" in words && it in NETWORK) }
            .flatMap { (option, value) -> listOf(option, value(option, value)) }

    override fun toString(): String =
        "shown: weft ${shown.joinToString(" ")}\nrun:   weft ${arguments.joinToString(" ")}"

    private companion object {
        /** Options that name data, or say "embedded". */
        val DATA = setOf("--data", "--test-data", "--good", "--check")

        /** Options that name what is written. */
        val WRITTEN =
            setOf(
                "--out",
                "--png",
                "--png-dir",
                "--labels",
                "--report",
                "--history",
                "--curves",
                "--sheets",
                "--sheet",
                "--tensorboard",
            )

        /** Precisions are PrecisionTest's to check; here a command works on every processor. */
        private val HAS_BFLOAT16 =
            try {
                Precision.BFLOAT16.check(Device.cpu())
                true
            } catch (_: IllegalStateException) {
                false
            }

        fun atMost(most: Int) = { word: String -> minOf(word.toInt(), most).toString() }

        /** How values that are shown become smaller; six epochs are one, nine are two. */
        val SMALLER: Map<String, (String) -> String> =
            mapOf(
                "--epochs" to { word -> ((word.toInt() + 5) / 6).toString() },
                "--steps" to atMost(2),
                "--size" to atMost(16),
                "--limit" to atMost(16),
                "--count" to atMost(200),
                "--image" to atMost(15),
                "--maps" to atMost(12),
                "--blocks" to atMost(1),
                "--batch" to atMost(8),
                "--batches" to { "2" },
                "--rounds" to atMost(1),
                "--budget-seconds" to atMost(0),
                "--port" to atMost(0),
                "--precision" to { word -> if (HAS_BFLOAT16) word else "float32" },
            )

        private val NETWORK = mapOf("--maps" to "12", "--blocks" to "1")

        val ADDED: Map<String, Map<String, String>> =
            mapOf(
                "demo" to mapOf("--steps" to "1", "--png" to "weft-demo.png"),
                "train" to NETWORK + mapOf("--limit" to "16"),
                "score" to mapOf("--limit" to "16"),
                "classify" to mapOf("--limit" to "16"),
                "compress" to mapOf("--limit" to "16"),
                "serve" to mapOf("--port" to "0"),
                "bench train" to NETWORK + mapOf("--budget-seconds" to "0", "--steps" to "1"),
                "bench sample" to
                    NETWORK + mapOf("--budget-seconds" to "0", "--batches" to "2"),
                "bench compress" to
                    NETWORK + mapOf("--budget-seconds" to "0", "--batches" to "2"),
            )
    }
}
