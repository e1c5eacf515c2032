package io.weft.site

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.writeText

/** What the site is made with. */
class PartsSpec :
    StringSpec({
        "addresses lead from page to page, and back" {
            relative("index.html", "core/index.html#a") shouldBe "core/index.html#a"
            relative("core/docs/a.html", "core/index.html") shouldBe "../index.html"
            relative("java/a/B.html", "kotlin/b.html") shouldBe "../../kotlin/b.html"
            resolve("core/docs/a.html", "../index.html#b") shouldBe "core/index.html#b"
            resolve("core/index.html", "#b") shouldBe "core/index.html#b"
            resolve("core/index.html", "/dsl/a b.html") shouldBe "dsl/a b.html"
            listOf("https://weft", "mailto:a", "//weft", "a/b:c", "../a").map(::isExternal) shouldBe
                listOf(true, true, true, false, false)
        }

        "headings are called as on GitHub" {
            val page = Markdown.read("# A `b`, and c_d!\n## Twice\n## Twice\n")
            page.select("h1, h2").map { it.id() } shouldBe listOf("a-b-and-c_d", "twice", "twice-1")
        }

        "blocks say where they are from" {
            val page =
                Markdown.read(
                    """
                    <!-- output of weft doctor -->
                    ```text
                    fine
                    ```
                    ```sh
                    weft doctor
                    ```
                    <!-- a/b/C.java region -->
                    ```java
                    c();
                    ```
                    """.trimIndent(),
                )
            page.select("figcaption").map { it.text() } shouldBe
                listOf("Output of weft doctor", "Shell", "C.java")
            page.select("figcaption a").attr("href") shouldBe "/a/b/C.java"
        }

        fun symbol(
            full: String,
            language: Language = Language.JAVA,
        ): Symbol {
            val name = full.substringBefore('(').substringAfterLast('.')
            val owner = full.substringBefore('(').substringBeforeLast('.')
            val simple = name + full.removePrefix(full.substringBefore('('))
            return Symbol(language, owner, simple, name[0].isUpperCase(), full, "")
        }

        "names in a guide mean what is called so, if that is one thing" {
            val symbols =
                listOf("w.Model", "w.Model.sampler(long)", "w.Model.sampler(long, int)") +
                    listOf("w.Model.score()", "w.Scores.score()", "v.Shape", "w.Shape") +
                    "w.Adam.at()"
            val kotlin = listOf("d.sampleImages", "d.Model").map { symbol(it, Language.KOTLIN) }
            val names = Symbols(symbols.map { symbol(it) } + kotlin)

            fun meant(
                code: String,
                language: Language = Language.JAVA,
            ) = names.meant(code, language)?.path
            meant("Model") shouldBe "w.Model"
            meant("Model", Language.KOTLIN) shouldBe "d.Model"
            meant("Model.sampler") shouldBe "w.Model.sampler(long)"
            meant("Model.sampler(7)") shouldBe "w.Model.sampler(long)"
            meant("sampleImages") shouldBe "d.sampleImages"
            meant("sampler(..)") shouldBe "w.Model.sampler(long)"
            val words =
                listOf("sampler", "score()", "Shape", "at", "weft demo", "Model.none", "--at")
            words.mapNotNull { meant(it) }.shouldBeEmpty()
        }

        "links that lead nowhere are found, and those elsewhere listed" {
            val folder = tempdir().toPath()
            (folder / "a").createDirectories()
            (folder / "a/b.html").writeText("<h1 id='m(int, x)'>B</h1><a href='../c.html#d'>c</a>")
            (folder / "c.html").writeText(
                "<a href='a/b.html#m(int,%20x)'>b</a><a href='a'>folder</a><img src='gone.png'>" +
                    "<a href='a/b.html#n'>n</a><a href='https://example.org'>far</a>",
            )
            val links = Links(folder)
            links.broken shouldBe
                listOf("a/b.html: ../c.html#d") +
                listOf("a", "a/b.html#n", "gone.png").map { "c.html: $it" }
            links.external shouldBe setOf("https://example.org")
        }
    })
