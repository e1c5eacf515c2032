package io.weft.samples.serve

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.data.Quantiser
import io.weft.dsl.sampleImages
import io.weft.dsl.trainSuspending
import io.weft.image.CodePalette
import io.weft.model.GatedPixelCnn
import io.weft.model.LocallyMaskedPixelCnn
import io.weft.order.GenerationOrder
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.openqa.selenium.Keys
import java.awt.image.BufferedImage
import javax.imageio.ImageIO

/** The live page in a real browser, with models that were trained for a moment. */
class LivePageSpec :
    StringSpec({
        val browser = Browser.find(tempdir().toPath())
        if (browser != null) {
            val digits = runBlocking { trainedDigits() }
            val anyOrder = runBlocking { trainedAnyOrder() }
            val zoo = Model.initial(named(), 1)
            val codes = Model.initial(codes(), 1)
            val models =
                mapOf("digits" to digits, "any-order" to anyOrder, "zoo" to zoo, "codes" to codes)
            val server = LiveServer(models.mapValues { Painter.of(it.value) }, "127.0.0.1", 0, 3)
            val url = "http://127.0.0.1:${server.start()}/"

            afterSpec {
                browser.close()
                server.close()
                models.values.forEach(Model::close)
            }

            /** The levels that canvas [number] shows, read back from its colours. */
            fun levels(number: Int): List<Int> {
                val shades =
                    browser.run(
                        """
                        const canvas = document.querySelectorAll("#images canvas")[arguments[0]];
                        const cell = canvas.width / 16;
                        const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                        return Array.from({ length: 256 }, (_, i) => {
                          const [row, column] = [Math.floor(i / 16), i % 16];
                          const x = Math.floor((column + 0.5) * cell), y = Math.floor((row + 0.5) * cell);
                          const [red, green, blue] = data.subarray(4 * (y * canvas.width + x));
                          return red === green && green === blue ? red : -1;
                        });
                        """.trimIndent(),
                        number,
                    ) as List<*>
                return shades.map { (it as Long).toInt() }.map { if (it < 0) -1 else it * 3 / 255 }
            }

            fun status() = browser["status"].text

            fun draw(count: Int) {
                browser.type("count", "$count")
                browser.type("seed", "7")
                browser["draw"].click()
            }

            fun isDone() = status().startsWith("Done")

            "what is drawn is what the model draws" {
                browser.open(url)
                browser.type("class-digit", "2, 5-7")
                browser.slide("speed", 100)
                draw(4)
                browser.waitFor("the drawing") { isDone() }
                val labels = listOf(2, 5, 6, 7)
                val expected = digits.sampleImages(4, 7) { label { labels[it] } }.toList()
                expected.forEachIndexed { i, image -> levels(i) shouldBe image.levels().toList() }
                browser.find("figcaption").map { it.text }.last() shouldBe "Image 4 of 4: digit 7"
                status() shouldContain "1024 pixels of 4 images, seed 7"
                browser.run("return location.hash") as String shouldContain "seed=7"
                browser.picture("drawn")
                browser.problems().shouldBeEmpty()
            }

            "a drawing pauses, goes on, and is cancelled" {
                browser.open(url)
                browser.slide("speed", 20)
                draw(2)
                browser.waitFor("some pixels") { levels(0).count { it >= 0 } > 20 }
                browser["pause"].click()
                browser["pause"].text shouldBe "Resume"
                Thread.sleep(200)
                val paused = levels(0)
                paused.count { it >= 0 } shouldBeInRange 20..255
                browser.picture("paused")
                Thread.sleep(500)
                levels(0) shouldBe paused
                browser.waitFor("others to have the place") { server.drawing == 0 }
                server.begun shouldBe 1
                browser["pause"].click()
                browser.waitFor("more pixels") {
                    levels(0).count { it >= 0 } >
                        paused.count { it >= 0 }
                }
                browser["cancel"].click()
                browser.waitFor("the end") { status().startsWith("Cancelled after") }
                browser.waitFor("its end") { server.begun == 0 }
                levels(1).count { it < 0 } shouldBeGreaterThan 0
            }

            "leaving the page frees the drawing" {
                browser.open(url)
                browser.slide("speed", 20)
                draw(1)
                browser.waitFor("the drawing") { server.drawing == 1 }
                browser.run("location.href = 'about:blank'")
                browser.waitForServer { server.begun == 0 }
            }

            "the pixel under the pointer shows its distribution and what it sees" {
                browser.open(url)
                browser.slide("speed", 100)
                draw(2)
                browser.waitFor("the drawing") { isDone() }
                browser["layer"].sendKeys("the output")
                val canvas = browser.find("#images canvas")[1]
                canvas.click()
                browser.waitFor("a chart") { browser.find("#chart svg").isNotEmpty() }
                browser.find("#chart svg").single().getAttribute("data-sum")!!.toDouble() shouldBe
                    1.0.plusOrMinus(1e-5)
                browser.find("#chart rect").size shouldBe 4
                browser["pixel"].text shouldStartWith "Image 2 of 2, row 7, column 7: level"
                browser["words"].text shouldContain "Entropy"
                browser.waitFor("the field") { "blind spot: none" in browser["field"].text }
                browser.picture("inspected")
                browser.dark()
                browser.picture("inspected-dark")
                browser.forcedColours()
                browser.picture("inspected-forced-colours")
                val shown =
                    "return Array.from(document.querySelectorAll('.swatch'), (it) =>" +
                        " getComputedStyle(it).background)"
                (browser.run(shown) as List<*>).toSet().size shouldBe 3
                browser.light()
                browser.problems().shouldBeEmpty()
            }

            "everything goes by keyboard" {
                browser.open(url)
                browser.slide("speed", 100)
                browser.run("document.getElementById('draw').focus()")
                browser.focused.sendKeys(Keys.ENTER)
                browser.waitFor("the drawing") { isDone() }
                browser.focused.getAttribute("id") shouldBe "draw"
                var steps = 0
                while (browser.focused.tagName != "canvas") {
                    (steps++) shouldBeLessThanOrEqual 10
                    browser.focused.sendKeys(Keys.TAB)
                }
                browser.focused.sendKeys(Keys.ARROW_DOWN)
                browser.focused.sendKeys(Keys.ARROW_RIGHT)
                browser.focused.sendKeys(Keys.ARROW_RIGHT)
                browser["pixel"].text shouldContain "row 1, column 2"
                // The focus is not caught.
                browser.focused.sendKeys(Keys.TAB)
                browser.focused.getAttribute("aria-label") shouldContain "Image 2 of"
            }

            "a hole is cut and completed, and what is known stays" {
                browser.open("$url#model=any-order")
                browser.slide("speed", 100)
                draw(1)
                browser.waitFor("the drawing") { isDone() }
                browser.find("#hole summary").single().click()
                browser["completion-help"].text shouldContain "everything around a hole"
                val before = levels(0)
                browser["cutting"].click()
                browser.slide("brush", 5)
                browser.run("document.querySelector('#images canvas').focus()")
                repeat(6) { browser.focused.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT) }
                browser.focused.sendKeys(Keys.SPACE)
                status() shouldBe "Cut at row 6, column 6: 25 of 256 pixels are missing."
                browser["pixel"].text shouldBe "Image 1 of 1, row 6, column 6: cut out"
                val cut = levels(0)
                (0 until 256).filter { cut[it] < 0 } shouldBe
                    (4..8).flatMap { row -> (4..8).map { row * 16 + it } }
                browser.picture("hole")
                browser.type("count", "3")
                browser["complete"].click()
                browser.waitFor("the completion") { isDone() }
                status() shouldContain "75 pixels of 3 images"
                (0 until 3).forEach { image ->
                    val after = levels(image)
                    after.none { it < 0 } shouldBe true
                    before.indices.filter { cut[it] >= 0 }.forAll { after[it] shouldBe before[it] }
                }
                browser.picture("completed")
                browser.problems().shouldBeEmpty()
            }

            "what is filled in wrongly is said, where it stands" {
                browser.open(url)
                browser.type("count", "65")
                browser["draw"].click()
                browser["problem"].text shouldContain
                    "Images: found \"65\"; give a whole number from 1 to 64"
                browser.focused.getAttribute("id") shouldBe "count"
                browser["count"].getAttribute("aria-invalid") shouldBe "true"
                browser.type("count", "1")
                browser.type("class-digit", "12")
                browser["draw"].click()
                browser["problem"].text shouldContain "give labels from 0 to 9"
                browser.type("class-digit", "1")
                browser.type("seed", "99999999999999999999")
                browser["draw"].click()
                browser["problem"].text shouldContain "64 bits"
            }

            "what is wrong is shown until it is put right" {
                browser.open(url)
                browser.type("seed", "x")
                browser["draw"].click()
                browser["problem"].text shouldContain "64 bits"
                browser["seed"].sendKeys(Keys.BACK_SPACE, "7")
                browser["problem"].isDisplayed shouldBe false
                browser.find("[aria-invalid]").shouldBeEmpty()
            }

            "a drawing that is cancelled before its first pixel is no failure" {
                browser.open(url)
                browser.slide("speed", 0)
                browser.run(
                    "for (const it of ['draw', 'cancel']) document.getElementById(it).click()",
                )
                status() shouldBe "Cancelled before the first pixel."
                browser.waitForServer { server.begun == 0 }
                Thread.sleep(300)
                browser["problem"].isDisplayed shouldBe false
                status() shouldBe "Cancelled before the first pixel."
            }

            fun progress() = browser.run("return document.getElementById('progress').position")

            "another model begins anew" {
                browser.open(url)
                browser.slide("speed", 100)
                draw(1)
                browser.waitFor("the drawing") { isDone() }
                "${progress()}" shouldBe "1"
                browser["model"].sendKeys("any-order")
                status() shouldBe "Nothing drawn yet."
                "${progress()}" shouldBe "0"
                browser.find("#images canvas").shouldBeEmpty()
                browser.slide("speed", 10)
                draw(1)
                browser.waitFor("some pixels") { progress() != 0L }
                browser["model"].sendKeys("digits")
                browser.waitForServer { server.begun == 0 }
                Thread.sleep(300)
                status() shouldBe "Nothing drawn yet."
                "${progress()}" shouldBe "0"
                browser["problem"].isDisplayed shouldBe false
            }

            "the address is followed when it changes" {
                browser.open(url)
                browser.run("location.hash = '#model=any-order&seed=123&count=2'")
                browser.waitFor(
                    "the model",
                ) { browser["model"].getAttribute("value") == "any-order" }
                browser["seed"].getAttribute("value") shouldBe "123"
                browser["count"].getAttribute("value") shouldBe "2"
                browser.run("location.hash = '#model=nobody'")
                browser.waitFor("the problem") { browser["problem"].isDisplayed }
                browser["problem"].text shouldContain
                    "the address asks for the model \"nobody\"; there are digits, any-order, zoo, codes"
                browser.run("location.hash = '#model=digits&label.digit=5&count=100'")
                browser.waitFor("the problem") { "Images: found" in browser["problem"].text }
                browser["class-digit"].getAttribute("value") shouldBe "5"
            }

            "classes go by their names" {
                browser.open("$url#model=zoo")
                browser["classes"].text shouldBe "animal (cat, dog, elk)"
                browser["class-animal"].getAttribute("value") shouldBe "cat, dog, elk"
                browser.type("class-animal", "elk, 1")
                browser.slide("speed", 100)
                draw(2)
                browser.waitFor("the drawing") { isDone() }
                val expected = zoo.sampleImages(2, 7) { label { 2 - it } }.toList()
                expected.forEachIndexed { i, image -> levels(i) shouldBe image.levels().toList() }
                browser.find("figcaption").map { it.text } shouldBe
                    listOf("Image 1 of 2: animal elk", "Image 2 of 2: animal dog")
                browser.type("class-animal", "fox")
                browser["draw"].click()
                browser["problem"].text shouldContain "give classes out of cat, dog, elk"
            }

            "a drag cuts without gaps, with the main button alone" {
                browser.open(url)
                browser.slide("speed", 100)
                draw(1)
                browser.waitFor("the drawing") { isDone() }
                browser.find("#hole summary").single().click()
                browser["cutting"].click()
                browser.slide("brush", 1)
                val canvas = browser.find("#images canvas").single()
                val cell = canvas.size.width / 16

                fun middle(at: Int) = at * cell + cell / 2
                browser.run(
                    """
                    for (const type of ["pointerdown", "pointermove", "pointerup"]) {
                      document.querySelector("#images canvas").dispatchEvent(
                        new PointerEvent(type, { button: 2, buttons: 2, isPrimary: true, pointerId: 1, bubbles: true }),
                      );
                    }
                    """.trimIndent(),
                )
                levels(0).none { it < 0 } shouldBe true
                browser.drag(canvas, middle(1) to middle(2), middle(13) to middle(8))
                val cut = (0 until 256).filter { levels(0)[it] < 0 }
                cut.map { it % 16 } shouldBe
                    (1..13).toList().sortedBy { cut.map { at -> at % 16 }.indexOf(it) }
                cut.size shouldBe 13
                (cut.first() to cut.last()) shouldBe (2 * 16 + 1 to 8 * 16 + 13)
                cut.zipWithNext().forAll { (a, b) -> b / 16 - a / 16 shouldBeLessThanOrEqual 1 }
                status() shouldBe "13 of 256 pixels are missing."
                browser["no-hole"].click()
                levels(0).none { it < 0 } shouldBe true
            }

            "an image is completed as what it is" {
                browser.open(url)
                browser.slide("speed", 100)
                browser.type("class-digit", "3")
                draw(1)
                browser.waitFor("the drawing") { isDone() }
                browser.find("#hole summary").single().click()
                browser["cutting"].click()
                browser.drag(browser.find("#images canvas").single(), 30 to 200, 300 to 200)
                browser.type("class-digit", "0-3")
                browser.type("count", "4")
                browser["complete"].click()
                browser.waitFor("the completion") { isDone() }
                browser.find("figcaption").map { it.text } shouldBe
                    (1..4).map { "Image $it of 4: digit 3" }
            }

            "a picture is opened whatever the form says, and what is transparent is missing" {
                val picture = BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB)
                for (y in 0 until 32) {
                    for (x in 0 until 32) {
                        val value = x / 2 * 17
                        val alpha = if (y < 4) 0 else 0xff
                        picture.setRGB(x, y, alpha shl 24 or (value * 0x010101))
                    }
                }
                val file = tempdir().resolve("ramp.png")
                ImageIO.write(picture, "png", file)
                browser.open(url)
                browser.type("class-digit", "12")
                browser.find("#hole summary").single().click()
                browser["picture"].sendKeys(file.path)
                browser.waitFor("the picture") { "32 transparent pixels are missing" in status() }
                val quantiser = Quantiser(4)
                levels(0) shouldBe
                    (0 until 256).map { if (it < 32) -1 else quantiser.levelOf(it % 16 * 17) }
                browser.find("#images canvas").single().click()
                browser.waitFor("what is wrong") { "digit: found \"12\"" in browser["words"].text }
                browser.type("class-digit", "3")
                browser.type("count", "1")
                browser.slide("speed", 100)
                browser["complete"].click()
                browser.waitFor("the completion") { isDone() }
                browser.problems().shouldBeEmpty()
            }

            "a completion sees what its order sees" {
                browser.open("$url#model=any-order")
                browser.slide("speed", 100)
                draw(1)
                browser.waitFor("the drawing") { isDone() }
                browser["layer"].sendKeys("the output")

                fun seen(): Int {
                    browser.waitFor("the field") { "seen" in browser["field"].text }
                    return browser["field"].text.substringBefore(" of").toInt()
                }
                browser.find("#hole summary").single().click()
                browser["cutting"].click()
                browser.slide("brush", 6)
                val canvas = browser.find("#images canvas").single()
                browser.run("document.querySelector('#images canvas').focus()")
                repeat(7) { browser.focused.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT) }
                val before = seen()
                browser.focused.sendKeys(Keys.SPACE)
                browser["complete"].click()
                browser.waitFor("the completion") { isDone() }
                browser["cutting"].click()
                browser.find("#images canvas").single().click()
                browser.waitFor("the completion's field") {
                    "row 7, column 7: level" in browser["pixel"].text &&
                        "seen" in browser["field"].text
                }
                (seen() != before) shouldBe true
                browser.picture("completion-field")
            }

            "codes have the colours of the palette" {
                browser.open(url)
                browser["model"].sendKeys("codes")
                browser.slide("speed", 100)
                draw(1)
                browser.waitFor("the drawing") { isDone() }
                val colours =
                    browser.run(
                        """
                        const canvas = document.querySelector("#images canvas");
                        const cell = canvas.width / 4;
                        return Array.from({ length: 16 }, (_, i) => {
                          const x = (i % 4 + 0.5) * cell, y = (Math.floor(i / 4) + 0.5) * cell;
                          const [red, green, blue] = canvas.getContext("2d").getImageData(x, y, 1, 1).data;
                          return 65536 * red + 256 * green + blue;
                        });
                        """.trimIndent(),
                    ) as List<*>
                val expected = codes.sampleImages(1, 7).toList().single()
                colours.map { (it as Long).toInt() } shouldBe
                    expected.levels().map(CodePalette::colour)
                browser.find("#images canvas").single().click()
                browser.waitFor("the distribution") { browser.find("#chart rect").size == 64 }
                browser.problems().shouldBeEmpty()
            }

            "the page fits a phone" {
                browser.open(url, width = 360, height = 740)
                browser.slide("speed", 100)
                draw(4)
                browser.waitFor("the drawing") { isDone() }
                val width = browser.run("return document.documentElement.scrollWidth") as Long
                width.toInt() shouldBeLessThanOrEqual 360
                browser.run("document.getElementById('status').scrollIntoView()")
                browser.picture("phone")
                browser.run("window.scrollTo(0, 0)")
                browser.picture("phone-top")
            }

            "controls have names, and the page its landmarks" {
                browser.open(url)
                browser.find("#hole summary").single().click()
                val controls = browser.find("input, select, button, summary, progress")
                controls.map { it.accessibleName } shouldBe
                    listOf(
                        "Model",
                        "digit (0 to 9)",
                        "Images",
                        "Temperature",
                        "Seed",
                        "Another seed",
                        "Speed",
                    ) +
                    listOf("Draw", "Pause", "Cancel", "Pixels drawn", "Complete an image") +
                    listOf(
                        "Open a picture",
                        "Cut a hole",
                        "Brush",
                        "Close the hole",
                        "Complete",
                        "Receptive field",
                    )
                browser.find("main, h1, [role=status], [role=alert]").size shouldBe 4
                browser.find("html[lang=en]").size shouldBe 1
            }
        }
    }) {
    private companion object {
        val IMAGES: ImageSet = EmbeddedDigits.count(4_000).size(16).levels(4).seed(1).grey()

        suspend fun trainedDigits() =
            GatedPixelCnn
                .builder(IMAGES.spec())
                .name("digits")
                .blocks(3)
                .maps(16)
                .classCondition("digit", 10)
                .build()
                .trainSuspending(Examples.labelled(IMAGES, "digit"), seed = 1) {
                    steps = 60
                    adam(rate = 3e-3)
                }

        fun named() =
            GatedPixelCnn
                .builder(IMAGES.spec())
                .blocks(1)
                .maps(4)
                .classCondition("animal", listOf("cat", "dog", "elk"))
                .build()

        fun codes() =
            GatedPixelCnn
                .builder(ImageSpec(4, 4, 1, 512))
                .name("codes")
                .embedding(4)
                .blocks(1)
                .maps(4)
                .build()

        suspend fun trainedAnyOrder() =
            LocallyMaskedPixelCnn
                .builder(IMAGES.spec())
                .name("any-order")
                .orders(GenerationOrder.eight(GenerationOrder.sCurve(16, 16)))
                .blocks(1)
                .maps(12)
                .build()
                .trainSuspending(Examples.of(IMAGES), seed = 1) {
                    steps = 30
                    adam(rate = 3e-3)
                }

        fun Browser.waitForServer(condition: () -> Boolean) {
            val end = System.nanoTime() + 30_000_000_000L
            while (!condition()) {
                check(System.nanoTime() < end) { "the drawing went on without a page" }
                Thread.sleep(50)
            }
        }
    }
}
