package io.weft.samples

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.samples.Repository.ROOT
import kotlin.io.path.div
import kotlin.io.path.readText
import kotlin.io.path.writeText

/**
 * The notebook of data frames, every cell of it as it is, and what the notebook says came out. Cells
 * share what they declare, as they do in a notebook; what one shows is its last line, an expression.
 */
class NotebookSpec :
    StringSpec({
        val notebook = ObjectMapper().readTree((ROOT / NOTEBOOK).readText())
        val cells = notebook["cells"].filter { it.text("cell_type") == "code" }

        "every cell runs, and shows what the notebook says" {
            val script = tempdir().toPath() / "measures.main.kts"
            script.writeText(cells.joinToString("\n", transform = ::program))
            val said = Script.run(script)
            val shown = cells.filter { it["outputs"].size() > 0 }
            shown.map { it.text("id") } shouldContainExactly SAME + LIKE
            shown.forAll { cell ->
                val now = said.substringAfter(mark(cell) + "\n").substringBefore("\n$END")
                withClue("now shown: $now") {
                    val before = shown(cell)
                    if (cell.text("id") in SAME) now.trim() shouldBe before.trim()
                    now.header() shouldBe before.header()
                    now.trim().lines().size shouldBe before.trim().lines().size
                }
            }
        }

        "it is for the kernel of Kotlin, and names the module" {
            notebook["metadata"]["kernelspec"].text("name") shouldBe "kotlin"
            val coordinates =
                cells
                    .first()
                    .source()
                    .substringAfter(
                        "DependsOn(\"",
                    ).substringBefore('"')
            val (group, artifact, version) = coordinates.split(':')
            val module = (ROOT / "dsl/dataframe/pom.xml").readText()
            for (tag in listOf(
                "<groupId>$group<",
                "<artifactId>$artifact<",
                "<version>$version<",
            )) {
                module shouldContain tag
            }
        }
    }) {
    private companion object {
        const val NOTEBOOK = "samples/src/main/notebooks/measures.ipynb"
        const val END = "end of cell"

        /** What the JVM computes is the same on all machines ... */
        val SAME = listOf("unlikeliest", "by-digit", "least-sure")

        /** ... what TensorFlow trains is not: of these the columns and the rows. */
        val LIKE = listOf("history-table", "fit", "choice", "strangest")

        fun JsonNode.text(name: String): String = this[name].asText()

        fun JsonNode.source(): String = this["source"].joinToString("") { it.asText() }

        fun shown(cell: JsonNode): String =
            cell["outputs"][0]["data"]["text/plain"].joinToString("") { it.asText() }

        fun mark(cell: JsonNode) = "cell ${cell.text("id")}"

        fun String.header() = trim().lines().first().split(Regex(" +"))

        /** A cell as a part of a script, to which the modules are no dependency but there. */
        fun program(cell: JsonNode): String {
            val lines = cell.source().lines().filterNot { it.startsWith("@file:") }
            if (cell["outputs"].isEmpty) return lines.joinToString("\n")
            val show = "println(\"${mark(cell)}\\n\" + (${lines.last()}) + \"\\n$END\")"
            return (lines.dropLast(1) + show).joinToString("\n")
        }
    }
}
