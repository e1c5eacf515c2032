package io.weft.samples

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.samples.Repository.ROOT
import io.weft.samples.cli.Weft
import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readLines
import kotlin.io.path.readText

/** What the README shows is true: its code is that of the samples, which other tests run. */
class ReadmeSpec :
    StringSpec({
        "code is a region of a sample" {
            val code = BLOCKS.filter { it.language in listOf("kotlin", "java") }
            code.shouldNotBeEmpty()
            code.forAll { block ->
                val (file, region) = block.comment.split(' ')
                block.text shouldBe region(ROOT / file, region)
            }
        }

        "output is what the code gives" {
            val output = BLOCKS.single { it.language == "text" }
            output.comment shouldBe "output"
            words(output.text) shouldBe words(refusal(::typeBOnTheImage))
        }

        "commands are understood" {
            val lines = BLOCKS.filter { it.language == "sh" }.flatMap { it.text.lines() }
            val commands = lines.flatMap { it.substringBefore('#').split("&&") }.map(::words)
            commands.forAll { command ->
                val program = command.substringBefore(' ').substringAfterLast('/')
                val arguments = command.split(' ').drop(1)
                when (program) {
                    "weft" -> weftArguments(arguments)
                    "mvn" -> arguments.shouldContainAll(MAVEN.getValue(arguments.last()))
                    else -> error("README: unknown program in \"$command\"")
                }
            }
            // The main job comes first, the tests second; they are the project's check.
            commands.take(3).map { it.substringAfterLast('/') } shouldBe
                listOf("mvn -q package -DskipTests", "weft demo", "mvn -B verify")
            (ROOT / ".ci" / "run").readText() shouldContain "\nmvn -B verify\n"
        }

        "commands in words exist" {
            val named = Regex("`weft ([a-z]+)[^`]*`").findAll(README).map { it.groupValues[1] }
            named.toList().shouldNotBeEmpty()
            named.toList().forAll { weftArguments(listOf(it, "--help")) }
        }

        "coordinates are those of the modules" {
            val parent = (ROOT / "pom.xml").readText()
            val block = BLOCKS.single { it.language == "xml" }.text
            parent shouldContain "<groupId>${tag(block, "groupId")}</groupId>"
            parent shouldContain "<version>${tag(block, "version")}</version>"
            tag(block, "artifactId") shouldBe "weft-dsl"
            README shouldContain "`weft-core`"
            listOf("core", "dsl").forAll {
                (ROOT / it / "pom.xml").readText() shouldContain "<artifactId>weft-$it</artifactId>"
            }
        }

        "links lead somewhere, and to every sample" {
            val files = links(README)
            (files + links((ROOT / "CONTRIBUTING.md").readText())).forAll {
                withClue(it) { (ROOT / it).exists() shouldBe true }
            }
            listOf("kotlin", "java")
                .flatMap { (SAMPLES / it / "io/weft/samples").listDirectoryEntries("*.*") }
                .forAll { sample -> files.map { Path(it).name } shouldContain sample.name }
        }
    }) {
    private class Block(
        val language: String,
        val comment: String,
        val text: String,
    )

    private companion object {
        val SAMPLES: Path = ROOT / "samples/src/main"
        val README = (ROOT / "README.md").readText()
        val BLOCKS = blocks(README.lines())

        /** The Maven commands that the README may show, by their last word. */
        val MAVEN =
            mapOf(
                "-DskipTests" to listOf("-q", "package"),
                "verify" to listOf("-B"),
            )

        /** Reads fenced blocks, each with the comment that stands right above it. */
        fun blocks(lines: List<String>): List<Block> {
            val fences = lines.indices.filter { lines[it].startsWith("```") }
            return fences.chunked(2).map { (from, to) ->
                val above = lines.getOrElse(from - 1) { "" }
                Block(
                    lines[from].removePrefix("```"),
                    above.removeSurrounding("<!-- ", " -->"),
                    lines.subList(from + 1, to).joinToString("\n"),
                )
            }
        }

        fun region(
            file: Path,
            name: String,
        ): String {
            val lines = file.readLines()
            val from = lines.indexOfFirst { it.trim() == "// region $name" }
            withClue("$file has a region $name") { (from >= 0) shouldBe true }
            val region = lines.drop(from + 1).takeWhile { it.trim() != "// endregion" }
            return region.joinToString("\n").trimIndent().trim('\n')
        }

        fun weftArguments(arguments: List<String>) {
            Weft.commandLine().parseArgs(*arguments.toTypedArray())
        }

        /** Returns the files that are linked to. */
        fun links(text: String): List<String> =
            Regex("]\\(([^)#]+)\\)")
                .findAll(text)
                .map { it.groupValues[1] }
                .filterNot { it.startsWith("http") }
                .toList()

        fun words(text: String): String = text.trim().split(Regex("\\s+")).joinToString(" ")

        fun tag(
            xml: String,
            name: String,
        ): String = xml.substringAfter("<$name>").substringBefore("</$name>")
    }
}
