package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNot
import io.kotest.matchers.string.contain
import io.weft.model.GatedPixelCnn
import javax.imageio.ImageIO

class QuickStartSpec :
    StringSpec({
        "the Kotlin quick start runs" {
            val file = tempdir().toPath().resolve("digits.png")
            val screen = StringBuilder()
            quickStart(steps = 30, sheet = file, screen = screen)
            checkRun(screen.lines())
            ImageIO.read(file.toFile()).width shouldBe 4 * (2 + 10 * 18)
        }

        "the Java quick start runs, and draws the same digit twice" {
            val file = tempdir().toPath().resolve("digits.png")
            val said = mutableListOf<String>()
            JavaQuickStart.quickStart(30, file, said::add)
            checkRun(said.filterIndexed { i, line -> line.length != 16 || i < said.size - 17 })
            val rows = said.filter { it.length == 16 }
            rows shouldHaveSize 32
            rows.take(16) shouldBe rows.drop(16)
            ImageIO.read(file.toFile()).height shouldBe 4 * (2 + 18)
        }

        "the short form in Java is the model wired by hand in Kotlin" {
            JavaQuickStart.digitModel() shouldBe digitModel()
        }

        "no Kotlin type shows in the Java quick start" {
            val classes = listOf("JavaQuickStart", "JavaQuickStart\$Watcher")
            for (name in classes) {
                val code =
                    GatedPixelCnn::class.java.classLoader
                        .getResourceAsStream("io/weft/samples/$name.class")!!
                        .use { String(it.readAllBytes(), Charsets.ISO_8859_1) }
                code shouldNot contain("kotlin")
                code shouldNot contain("io/weft/dsl")
            }
        }
    })

private fun checkRun(said: List<String>) {
    said shouldContain "${digitModel()}"
    said.filter { it.length == 16 && it.all { ink -> ink in " .+#" } } shouldHaveSize 16
    val bits = said.first { "bits per dimension" in it }.substringBefore(' ').toDouble()
    bits shouldBeLessThan 1.2
}
