package io.weft.site

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldEndWith
import org.jsoup.Jsoup
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.readText

/** The guides as a site; with Javadoc and KDoc it is checked where it is built. */
class SiteSpec :
    StringSpec({
        val folder = tempdir().toPath()
        Site(ROOT, "1.2").write(folder)

        "every page of the repository is a guide" {
            val pages =
                ROOT
                    .toFile()
                    .walk()
                    .onEnter { it.name !in listOf("target", "src") && !it.isHidden }
                    .filter { it.extension == "md" }
                    .map { it.relativeTo(ROOT.toFile()).invariantSeparatorsPath }
            GUIDES.map { it.file } shouldContainExactlyInAnyOrder pages.toList()
        }

        "no link leads nowhere" {
            Links(folder).broken.shouldBeEmpty()
        }

        "a page stands between contents, headings and the pages beside it" {
            val page = Jsoup.parse((folder / "dsl/index.html").readText())
            page.select("[aria-current=page]").text() shouldBe "The guide, in Kotlin"
            page.select("#previous").attr("href") shouldBe "../core/index.html"
            page.select("#next").attr("href") shouldBe "NOTEBOOK.html"
            page.select("#headings a").first()!!.attr("href") shouldBe
                "#" + page.select("main h2").first()!!.id()
            page.select("#version").text() shouldBe "1.2"
        }

        "code names the file that it is from, and links to a copy" {
            val page = Jsoup.parse((folder / "index.html").readText())
            val link = page.select("figure figcaption a").first()!!
            link.text() shouldBe "QuickStart.kt"
            val source = Jsoup.parse((folder / link.attr("href")).readText())
            val file = ROOT / "samples/src/main/kotlin/io/weft/samples/QuickStart.kt"
            source.select("pre code").first()!!.wholeText() shouldBe file.readText()
        }

        "search finds sections of guides by their addresses" {
            val index = (folder / "assets/index.js").readText()
            index shouldContain "\"url\":\"core/index.html#compress\""
            index.trim() shouldEndWith "};"
        }
    }) {
    private companion object {
        val ROOT = Path("../..").toRealPath()
    }
}
