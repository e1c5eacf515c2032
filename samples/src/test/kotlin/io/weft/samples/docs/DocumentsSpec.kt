package io.weft.samples.docs

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.samples.Repository.ROOT
import io.weft.samples.cli.weft
import io.weft.samples.gateOfOnePart
import io.weft.samples.refusal
import io.weft.samples.typeBOnTheImage
import kotlin.io.path.div
import kotlin.io.path.extension
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readLines
import kotlin.io.path.readText

/** What the documentation shows is true: code, output, commands, links, coordinates. */
class DocumentsSpec :
    StringSpec({
        "the pages are found" {
            Page.ALL.map { it.name } shouldContainAll
                listOf("README.md", "CONTRIBUTING.md", "core/README.md", "dsl/README.md") +
                listOf("samples/README.md", "samples/BENCHMARKS.md")
        }

        for (page in Page.ALL) {
            "${page.name}: blocks are of a kind that is checked" {
                KINDS shouldContainAll page.blocks.map { it.language }
            }

            "${page.name}: code is a region of a file that is tested" {
                page.blocks.filter { it.language in listOf("kotlin", "java") }.forAll { block ->
                    val (file, region) = block.comment.split(' ')
                    TESTED.filter { file.startsWith("$it/") }.size shouldBe 1
                    block.text shouldBe region(ROOT / file, region)
                }
            }

            "${page.name}: output is what comes out" {
                page.blocks.filter { it.language == "text" }.forAll { block ->
                    val from = block.comment.removePrefix("output of ")
                    val output = OUTPUTS[from]?.invoke() ?: outputOf(from)
                    output.words() shouldContain block.text.words()
                }
            }

            "${page.name}: commands are understood" {
                page.commands.forAll(Commands::check)
                page.code.filter { it.startsWith("weft ") || it.startsWith("mvn ") }.forAll {
                    Commands.check(it)
                }
                page.code.filter { it.startsWith("-Dtest=") }.forAll {
                    Commands.check("mvn test $it")
                }
            }

            "${page.name}: options are some command's" {
                page.code
                    .filter { it.startsWith("--") }
                    .map { it.substringBefore(' ').substringBefore('=') }
                    .filterNot(Commands::isOption)
                    .shouldBeEmpty()
            }

            "${page.name}: links lead somewhere" {
                page.links
                    .mapNotNull { link -> page.fault(link)?.let { "$link: $it" } }
                    .shouldBeEmpty()
            }

            "${page.name}: coordinates are those of a module" {
                page.blocks.filter { it.language == "xml" }.forAll { block ->
                    val module = tag(block.text, "artifactId").removePrefix("weft-")
                    val pom = (ROOT / MODULES.getValue(module) / "pom.xml").toFile().readText()
                    for (name in listOf("groupId", "version")) {
                        tag(block.text, name) shouldBe tag(pom, name)
                    }
                    pom shouldContain "<artifactId>weft-$module</artifactId>"
                }
            }
        }

        "every sample begins with the commands that run it" {
            SAMPLES.forAll { sample ->
                val commands =
                    sample.readLines().map { it.trimStart('/', '*', ' ') }.filter {
                        it.startsWith("mvn ") || it.startsWith("java ")
                    }
                commands.forAll(Commands::check)
                val program =
                    sample.nameWithoutExtension + if (sample.extension == "kt") "Kt" else ""
                commands.last().words().split(' ')[3] shouldBe "io.weft.samples.$program"
            }
        }

        "pictures are shown" {
            val shown = Page.ALL.flatMap { it.linkedFiles() }.map { it.toFile() }
            listOf("core/docs", "samples/docs")
                .flatMap { (ROOT / it).toFile().listFiles()!!.toList() }
                .forAll { shown shouldContain it }
        }
    }) {
    private companion object {
        val KINDS = listOf("kotlin", "java", "text", "sh", "xml")

        /** Where the artifacts that pages name come from. */
        val MODULES =
            mapOf(
                "core" to "core/all",
                "jvm" to "core/jvm",
                "dsl" to "dsl",
                "dsl-platform" to "dsl/platform",
            )

        /** Files that can be run; beside them lie some that they use. */
        val SAMPLES =
            listOf("kotlin", "java")
                .flatMap {
                    (ROOT / "samples/src/main" / it / "io/weft/samples").listDirectoryEntries("*.*")
                }.filter { " main(" in it.readText() }

        /** Where code is that tests run. */
        val TESTED =
            listOf(
                "samples/src/main",
                "samples/java-caller/src/test",
                "samples/jvm-only/src/main",
                "samples/spark/src/test",
                "dsl/src/test",
                "core/all/src/test",
            )

        /** Outputs that are no command's. */
        val OUTPUTS =
            mapOf(
                "a leak" to { refusal(::typeBOnTheImage) },
                "a leak of colours" to { refusal(::gateOfOnePart) },
            )

        fun outputOf(command: String): String {
            val words = command.split(' ')
            words.first() shouldBe "weft"
            val ran = weft(*words.drop(1).toTypedArray())
            withClue(ran) { ran.exitCode shouldBe 0 }
            return ran.out
        }

        fun tag(
            xml: String,
            name: String,
        ): String = xml.substringAfter("<$name>").substringBefore("</$name>")
    }
}
