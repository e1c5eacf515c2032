package io.weft.samples.docs

import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.shouldBe
import io.weft.samples.Repository.ROOT
import io.weft.samples.cli.Weft
import picocli.CommandLine
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.readText

/**
 * Commands that the documentation shows, checked as far as can be without running them. Those of weft
 * and java are run too, by [CommandsRunSpec]; Maven's are not.
 */
internal object Commands {
    private val PHASES = setOf("test", "package", "verify", "install", "deploy", "spotless:apply")
    private val SWITCHES = setOf("-q", "-B", "-am")

    /** The properties that Maven and its plugins read themselves. */
    private val OF_MAVEN =
        setOf(
            "skipTests",
            "surefire.failIfNoSpecifiedTests",
            "test",
            "altDeploymentRepository",
            "jacoco.skip",
        )

    /** What a page writes for any test of the reader's own. */
    private const val ANY_TEST = "MyTest"

    /** All that could read a property: the build, and what it tests. */
    private val SOURCES: List<String> by lazy {
        ROOT
            .toFile()
            .walk()
            .onEnter { it.name != "target" && !it.isHidden }
            .filter { it.name == "pom.xml" || it.extension in listOf("java", "kt") }
            .map { it.readText() }
            .toList()
    }

    /** Options of Java and of Spark that pages speak of. */
    private val OF_OTHERS = setOf("--add-modules", "--enable-native-access", "--jars")

    private val OPTIONS: Set<String> by lazy { options(Weft.commandLine()) + OF_OTHERS }

    private fun options(command: CommandLine): Set<String> =
        command.commandSpec.optionsMap().keys +
            command.subcommands.values.flatMap(::options)

    /** Whether there is an option of that name, of any command. */
    fun isOption(name: String): Boolean = name in OPTIONS

    /** Checks that a command would be understood. */
    fun check(command: String) {
        val words = command.split(' ').dropWhile { Regex("[A-Z_]+=.*").matches(it) }
        val arguments = words.drop(1)
        when (words.first().substringAfterLast('/')) {
            "weft" -> weft(arguments)

            "mvn" -> maven(arguments)

            "java" -> java(arguments)

            "spark-submit" -> submit(arguments)

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

    /**
     * Builds are not run within a build: all that such a command names has to be there, the modules,
     * the tests in them, and whoever reads its properties.
     */
    private fun maven(arguments: List<String>) {
        val lists = arguments.zipWithNext().filter { it.first == "-pl" }.map { it.second }
        val modules = lists.flatMap { it.split(',') }
        modules.forEach { require((ROOT / it / "pom.xml").exists()) { "no module $it" } }
        val rest = arguments - lists.toSet() - "-pl"
        val (properties, more) = rest.partition { it.startsWith("-D") }
        val (profiles, others) = more.partition { it.startsWith("-P") }
        (PHASES + SWITCHES) shouldContainAll others
        val pom = (ROOT / "pom.xml").readText()
        profiles.map { it.removePrefix("-P") }.forEach { profile ->
            require("<profile>\n      <id>$profile</id>" in pom) { "no profile $profile" }
        }
        properties.map { it.removePrefix("-D").split('=') }.forEach { property ->
            val name = property.first()
            require(name in OF_MAVEN || isRead(name)) { "nothing reads -D$name" }
            if (name == "test") requireTest(property[1], modules)
        }
    }

    private fun isRead(property: String): Boolean {
        val ways = listOf("\"$property\"", "\${$property}", "<name>$property</name>")
        return SOURCES.any { source -> ways.any { it in source } }
    }

    private fun requireTest(
        name: String,
        modules: List<String>,
    ) {
        val places = modules.ifEmpty { listOf("") }.map { (ROOT / it).toFile() }
        val isThere =
            places.any { place ->
                place.walk().onEnter { it.name != "target" }.any {
                    it.name in listOf("$name.java", "$name.kt") &&
                        "/src/test/" in it.invariantSeparatorsPath
                }
            }
        require(isThere || name == ANY_TEST) { "no test $name in $modules" }
    }

    /** Expects the distribution's libraries, and a class that they have. */
    private fun java(arguments: List<String>) {
        arguments.take(2) shouldBe listOf("-cp", "\"samples/target/weft/lib/*\"")
        Class.forName(arguments[2]).getMethod("main", Array<String>::class.java)
    }

    /** Expects a class that can be started, and after the jar that has it words that it understands. */
    private fun submit(arguments: List<String>) {
        val name = arguments[arguments.indexOf("--class") + 1]
        Class.forName(name).getMethod("main", Array<String>::class.java)
        weft(arguments.drop(arguments.indexOfLast { it.endsWith(".jar") } + 1))
    }

    /** What continuous integration runs. */
    val CI: String = (ROOT / ".ci" / "run").readText()
}
