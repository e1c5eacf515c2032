package io.weft.samples.docs

import io.kotest.matchers.collections.shouldContainAll
import io.weft.samples.Repository.ROOT
import io.weft.samples.cli.Weft
import picocli.CommandLine
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.readText

/** Commands that the documentation shows, checked as far as can be without running them. */
internal object Commands {
    private val PHASES = setOf("test", "package", "verify", "install", "spotless:apply")
    private val SWITCHES = setOf("-q", "-B", "-am", "-Pslow")

    /** The properties that the build or its tests read; one that is new is added here. */
    private val PROPERTIES =
        setOf(
            "api",
            "skipTests",
            "soak.seconds",
            "surefire.failIfNoSpecifiedTests",
            "tensorflow",
            "test",
            "test.forks",
            "test.language",
        )

    /** Checks that a command would be understood. */
    fun check(command: String) {
        val words = command.split(' ').dropWhile { Regex("[A-Z_]+=.*").matches(it) }
        val arguments = words.drop(1)
        when (words.first().substringAfterLast('/')) {
            "weft" -> weft(arguments)

            "mvn" -> maven(arguments)

            "java" -> java(arguments)

            // Of others, so that nothing here could tell.
            "tensorboard", "nvidia-smi" -> Unit

            else -> error("unknown program in \"$command\"")
        }
    }

    /** Options that a command needs may be left out in words. */
    private fun weft(arguments: List<String>) {
        try {
            Weft.commandLine().parseArgs(*arguments.toTypedArray())
        } catch (incomplete: CommandLine.MissingParameterException) {
            if (arguments.any { it.startsWith("--") }) throw incomplete
        }
    }

    private fun maven(arguments: List<String>) {
        val modules = arguments.zipWithNext().filter { it.first == "-pl" }.map { it.second }
        modules.forEach { require((ROOT / it / "pom.xml").exists()) { "no module $it" } }
        val rest = arguments - modules.toSet() - "-pl"
        val (properties, others) = rest.partition { it.startsWith("-D") }
        (PHASES + SWITCHES) shouldContainAll others
        PROPERTIES shouldContainAll
            properties.map { it.removePrefix("-D").substringBefore('=') }
    }

    /** Expects the class that the samples' distribution has. */
    private fun java(arguments: List<String>) {
        val program = arguments.first { it.startsWith("io.weft.") }
        Class.forName(program).getMethod("main", Array<String>::class.java)
    }

    /** What continuous integration runs. */
    val CI: String = (ROOT / ".ci" / "run").readText()
}
