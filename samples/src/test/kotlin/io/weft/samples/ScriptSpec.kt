package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.samples.Repository.ROOT
import java.nio.file.Path
import javax.imageio.ImageIO
import kotlin.io.path.div
import kotlin.io.path.readLines
import kotlin.io.path.readText
import kotlin.io.path.writeLines

/** The script that dsl/NOTEBOOK.md shows, run by Kotlin's own compiler for scripts. */
class ScriptSpec :
    StringSpec({
        val script = (ROOT / "samples/src/main/scripts/digits.main.kts").readLines()

        "it runs, and shows the model and what it draws" {
            val folder = tempdir().toPath()
            val shown = folder / "shown"
            val said = Script.run(forTheTest(script, folder), shown.toString())
            said shouldContain "digits: images of 16x16x1, 4 levels, softmax output"
            said shouldContain "wrote $shown"

            val page = (shown / "digits.html").readText()
            page shouldContain "<td style=\"text-align:left\">head/logits</td>"
            Regex("<svg ").findAll(page).toList() shouldHaveSize 2
            val captions = Regex("alt=\"(digit \\d)\"").findAll(page).map { it.groupValues[1] }
            captions.toList() shouldBe (0 until 20).map { "digit ${it % 10}" }
            ImageIO.read((shown / "digits.png").toFile()).width shouldBe 2 + 10 * (96 + 2)
        }

        "its coordinates are those of the modules" {
            val coordinates = script.single { it.startsWith("@file:DependsOn") }.split('"')[1]
            val (group, artifact, version) = coordinates.split(':')
            val parent = (ROOT / "pom.xml").readText()
            parent shouldContain "<groupId>$group</groupId>"
            parent shouldContain "<version>$version</version>"
            (ROOT / "dsl/pom.xml").readText() shouldContain "<artifactId>$artifact</artifactId>"
        }
    }) {
    private companion object {
        /** Shorter; and with the modules on the class path, as they are in no repository yet. */
        fun forTheTest(
            script: List<String>,
            folder: Path,
        ): Path =
            (folder / "digits.main.kts").writeLines(
                script
                    .filterNot { it.startsWith("@file:DependsOn") }
                    .map { it.replace("steps = 400", "steps = 20") },
            )
    }
}
