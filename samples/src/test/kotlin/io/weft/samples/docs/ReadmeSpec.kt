package io.weft.samples.docs

import io.kotest.core.spec.style.StringSpec
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.samples.Repository.ROOT
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.listDirectoryEntries

/** What the first page must have. */
class ReadmeSpec :
    StringSpec({
        val readme = Page.ALL.single { it.name == "README.md" }

        "the main job comes first, the tests second; they are the project's check" {
            readme.commands.take(3).map { it.substringAfterLast('/') } shouldBe
                listOf("mvn -q package -DskipTests", "weft demo", "mvn -B verify")
            Commands.CI shouldContain "\nmvn -B verify "
        }

        "there are links to every sample and to the guide" {
            val linked = readme.linkedFiles()
            listOf("kotlin", "java")
                .flatMap { (ROOT / "samples/src/main" / it / "io/weft/samples").sources() }
                .forAll { linked shouldContain it }
            listOf("core", "dsl", "samples").forAll { linked shouldContain ROOT / it / "README.md" }
        }

        "a likelihood says what it is comparable with" {
            val rows = readme.text.lines().filter { it.startsWith("| ") }
            val likelihoods =
                rows.filter {
                    Regex(
                        "\\d (bits/dim|nats)|bits/dim of",
                    ).containsMatchIn(it)
                }
            likelihoods.size shouldBeGreaterThan 4
            likelihoods.forAll { it shouldContain "comparable" }
        }

        "both modules are named" {
            readme.text shouldContain "<artifactId>weft-dsl-platform</artifactId>"
            readme.text shouldContain "`weft-core-platform`"
        }
    })

private fun Path.sources(): List<Path> = listDirectoryEntries("*.*")
