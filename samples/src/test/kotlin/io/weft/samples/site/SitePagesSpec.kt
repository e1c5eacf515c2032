package io.weft.samples.site

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import io.weft.samples.Repository.ROOT
import io.weft.samples.serve.Browser
import io.weft.site.layOutGuides
import org.openqa.selenium.Keys
import kotlin.io.path.div
import kotlin.io.path.exists

/** The site of the documentation in a real browser, as files: pages, search, keyboard, phone. */
class SitePagesSpec :
    StringSpec({
        val browser = Browser.find(tempdir().toPath())
        if (browser != null) {
            afterSpec { browser.close() }
            val isSlow = System.getProperty("weft.slow") == "true"
            val guides = tempdir().toPath()
            layOutGuides(ROOT, guides, "1.2")
            val whole = ROOT / "samples/site/target/site"
            val site = if (isSlow && (whole / "java").exists()) whole else guides

            fun visit(
                page: String,
                width: Int = 1280,
            ) {
                // What axe has asked for of the page before, and was refused.
                browser.problems()
                browser.visit("${site.toUri()}$page", width)
            }

            fun overflow(): Int =
                (browser.run("return document.documentElement.scrollWidth - innerWidth") as Number)
                    .toInt()

            fun results(): List<String> = browser.texts("#results a")

            fun search(text: String) {
                browser.type("query", text)
                browser.waitFor("results for $text") { browser["count"].text.isNotEmpty() }
            }

            val few = listOf("samples/workflows/detect.html")
            val more =
                listOf("index.html", "core/index.html", "dsl/index.html") +
                    listOf("samples/BENCHMARKS.html", "CONTRIBUTING.html") +
                    "core/docs/coded-images.html"
            val api =
                listOf("java/index.html", "java/io.weft.jvm/io/weft/Model.html") +
                    listOf("java/io.weft.jvm/module-summary.html", "kotlin/index.html") +
                    listOf("java/io.weft.jvm/io/weft/sample/package-summary.html") +
                    listOf("kotlin/weft/io.weft.dsl/index.html") +
                    listOf("kotlin/weft/io.weft.dsl/-model-scope/index.html")
            val pages = few + if (isSlow) more else emptyList()
            for (page in if (site == whole) pages + api else pages) {
                "$page keeps nobody out, wide and dark, narrow and light" {
                    for ((width, show) in listOf(1280 to browser::dark, 390 to browser::light)) {
                        show()
                        visit(page, width)
                        browser.picture("site-${page.replace('/', '-')}-$width")
                        withClue("$page at $width pixels") {
                            browser.problems().shouldBeEmpty()
                            browser.violations().shouldBeEmpty()
                            overflow() shouldBeLessThanOrEqual 0
                        }
                    }
                }
            }

            "search is reached by a key, and its results by arrows" {
                visit("samples/workflows/detect.html")
                browser.focused.sendKeys("/")
                browser.focused.getAttribute("id") shouldBe "query"
                search("blind spot")
                results().first() shouldStartWith "Guide"
                browser.violations().shouldBeEmpty()
                browser.picture("site-search")
                browser.focused.sendKeys(Keys.ARROW_DOWN)
                browser.focused.text shouldBe results().first()
                browser.focused.sendKeys(Keys.ESCAPE)
                results().joinToString("") shouldBe ""
                browser.focused.sendKeys(Keys.ENTER)
                browser.waitFor("the page") { browser.address.contains("#") }
                browser.address shouldContain "blind-spot"
            }

            "search says when there is nothing" {
                visit("index.html")
                search("zyzzyva")
                browser["count"].text shouldContain "zyzzyva"
            }

            "types and functions are found by parts of their names".config(
                enabled = site == whole,
            ) {
                visit("index.html")
                val wanted =
                    mapOf(
                        "Model.sampler" to "Java Model.sampler",
                        "gpc" to "Java GatedPixelCnn",
                        "trainsusp" to "Kotlin trainSuspending",
                    )
                for ((typed, first) in wanted) {
                    browser.type("query", typed)
                    browser.waitFor(first) {
                        results().firstOrNull().orEmpty().replace('\n', ' ').startsWith(first)
                    }
                }
            }

            "a phone opens the contents, and closes them by a key" {
                visit("samples/workflows/detect.html", width = 390)
                browser["contents"].isDisplayed shouldBe false
                browser["menu"].click()
                browser["contents"].isDisplayed shouldBe true
                browser.violations().shouldBeEmpty()
                browser.focused.sendKeys(Keys.ESCAPE)
                browser["contents"].isDisplayed shouldBe false
            }

            "the other colours stay chosen" {
                browser.light()
                visit("index.html")
                val theme = "return document.documentElement.dataset.theme"
                browser.run(theme) shouldBe "light"
                browser["theme"].click()
                browser.run(theme) shouldBe "dark"
                visit("index.html")
                browser.run(theme) shouldBe "dark"
                browser["theme"].click()
            }

            "code is coloured, and can be copied" {
                visit("index.html")
                browser.texts("code.language-kotlin .hljs-keyword") shouldContain
                    "fun"
                val button = browser.find(".copy").first()
                button.click()
                browser.waitFor("the copy") { button.text == "Copied" }
                browser["query"].sendKeys(Keys.chord(Keys.CONTROL, "v"))
                browser.run("return document.getElementById('query').value") as String shouldContain
                    "weft demo"
            }
        }
    })
