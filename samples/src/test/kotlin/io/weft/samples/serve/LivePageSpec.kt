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
import io.weft.BuiltinModel
import io.weft.Model
import io.weft.data.Quantiser
import io.weft.dsl.sampleImages
import io.weft.image.CodePalette
import io.weft.model.GatedPixelCnn
import io.weft.model.LocallyMaskedPixelCnn
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScaleModel
import io.weft.samples.pyramid
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList
import org.openqa.selenium.Keys
import java.awt.image.BufferedImage
import javax.imageio.ImageIO

/** The live page in a real browser, with a model that comes with Weft and some that nobody trained. */
class LivePageSpec :
    StringSpec({
        val browser = Browser.find(tempdir().toPath())
        if (browser != null) {
            val digits = BuiltinModel.named("digits").load()
            val anyOrder = Model.initial(anyOrder(), 1)
            val zoo = Model.initial(named(), 1)
            val codes = Model.initial(codes(), 1)
            val fish = Model.initial(fish(), 1)
            val models =
                mapOf("digits" to digits, "any-order" to anyOrder, "zoo" to zoo) +
                    mapOf("codes" to codes, "fish" to fish)
            val pyramid = MultiScaleModel.initial(pyramid(), 1)
            val detector = untrainedDetector()
            val painters =
                models.mapValues { Painter.of(it.value) } +
                    mapOf(
                        "pyramid" to Painter.of(pyramid),
                        "good" to Painter.of(detector.model()),
                    )
            val finders = mapOf("good" to detector)
            val server = LiveServer(painters, "127.0.0.1", 0, 3, detectors = finders)
            val url = "http://127.0.0.1:${server.start()}/"

            afterSpec {
                browser.close()
                server.close()
                models.values.forEach(Model::close)
                pyramid.close()
                detector.close()
            }

            /** The levels that a canvas shows, read back from its colours; -1 where there is none. */
            fun levels(
                number: Int,
                within: String = "#images",
            ): List<Int> {
                val shades =
                    browser.run(
                        """
                        const canvas = document.querySelectorAll(arguments[1] + " canvas")[arguments[0]];
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
                        within,
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

            fun drawn(count: Int) {
                browser.slide("speed", 100)
                draw(count)
                browser.waitFor("the drawing") { isDone() }
            }

            fun isUsable(id: String) = browser[id].getAttribute("aria-disabled") == "false"

            fun captions() =
                browser.read("#images figcaption") { found ->
                    found.map { it.getDomProperty("textContent") }
                }

            /** Opens the page of completion, with nothing cut out of the image that it draws. */
            fun openWhole(model: String) {
                browser.open("${url}complete#model=$model")
                browser.slide("speed", 100)
                browser.waitFor("the completion") {
                    isDone() &&
                        browser.find("#images canvas").size == 3
                }
                browser["no-hole"].click()
                status() shouldBe "0 of 256 pixels are missing."
            }

            "it draws on arrival, what the model draws" {
                browser.open(url)
                browser.slide("speed", 100)
                browser.waitFor("the drawing") { isDone() }
                val expected = digits.sampleImages(4, 7) { label { it } }.toList()
                expected.forEachIndexed { i, image -> levels(i) shouldBe image.levels().toList() }
                captions().last() shouldBe "digit 3"
                status() shouldContain "1024 pixels of 4 images, seed 7"
                browser.waitFor("a first look") { browser.find("#chart svg").isNotEmpty() }
                browser.picture("arrived")
                browser.problems().shouldBeEmpty()
            }

            "what is drawn is what was chosen, and the address draws it again" {
                browser.open(url)
                browser.choose("digit", 2, 5, 6, 7)
                drawn(4)
                val labels = listOf(2, 5, 6, 7)
                val expected = digits.sampleImages(4, 7) { label { labels[it] } }.toList()
                expected.forEachIndexed { i, image -> levels(i) shouldBe image.levels().toList() }
                val link = browser.run("return location.href") as String
                link shouldContain "seed=7"
                browser.open(link)
                browser.slide("speed", 100)
                browser.waitFor("the same") { isDone() }
                captions().last() shouldBe "digit 7"
                levels(1) shouldBe expected[1].levels().toList()
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
                browser.violations().shouldBeEmpty()
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
                drawn(2)
                browser["layer"].sendKeys("what the output")
                browser.click("#images canvas", 1)
                browser.waitFor("the pixel") {
                    Regex("Image 2 of 2: digit 1, row [78], column [78]: level [0-3]")
                        .matches(browser["pixel"].text)
                }
                browser.waitFor("the field") { "blind spot: none" in browser["field"].text }
                browser.waitFor("the distribution") { "Entropy" in browser["words"].text }
                browser
                    .read(
                        "#chart svg",
                    ) { it.single().getAttribute("data-sum") }!!
                    .toDouble() shouldBe
                    1.0.plusOrMinus(1e-5)
                browser.find("#chart .bar").size shouldBe 4
                browser.dark()
                browser.picture("inspected-dark")
                browser.violations().shouldBeEmpty()
                browser.forcedColours()
                val shown =
                    "return Array.from(document.querySelectorAll('.legend .swatch'), (it) =>" +
                        " getComputedStyle(it).background)"
                (browser.run(shown) as List<*>).toSet().size shouldBe 4
                browser.light()
                browser["layer"].sendKeys("the order")
                browser.waitFor(
                    "the order",
                ) { "of the 256 that are drawn" in browser["field"].text }
                val (row, column) =
                    Regex("row (\\d+), column (\\d+)").find(browser["pixel"].text)!!.destructured
                browser["field"].text shouldBe
                    "Number ${row.toInt() * 16 + column.toInt() + 1} of the 256 that are drawn."
                browser.violations().shouldBeEmpty()
                browser.find("#layer optgroup").size shouldBeGreaterThan 6
                browser.problems().shouldBeEmpty()
            }

            "everything goes by keyboard, the images are one stop of it" {
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
                browser.focused.sendKeys(Keys.ARROW_RIGHT)
                browser.focused.getAttribute("aria-label") shouldContain "Image 2 of"
                browser.focused.sendKeys(Keys.ENTER)
                browser.focused.sendKeys(Keys.ARROW_DOWN)
                browser.focused.sendKeys(Keys.ARROW_RIGHT)
                browser.focused.sendKeys(Keys.ARROW_RIGHT)
                browser["pixel"].text shouldContain "row 1, column 2"
                browser.focused.sendKeys(Keys.ESCAPE, Keys.END)
                browser.focused.getAttribute("aria-label") shouldContain "Image 4 of"
                // The focus is not caught.
                browser.focused.sendKeys(Keys.TAB)
                browser.focused.getAttribute("id") shouldBe "to-complete"
            }

            "arrow keys and the like with a modifier are left to the browser" {
                browser.open(url)
                drawn(2)
                browser.run("document.querySelector('#images canvas').focus()")
                browser.run(
                    """
                    return ["altKey", "ctrlKey", "metaKey"].every((modifier) =>
                      ["ArrowRight", "ArrowLeft", "Home", "End"].every((key) =>
                        document.activeElement.dispatchEvent(
                          new KeyboardEvent("keydown", { key, [modifier]: true, bubbles: true, cancelable: true }),
                        ),
                      ),
                    );
                    """.trimIndent(),
                ) shouldBe true
                browser.focused.getAttribute("aria-label") shouldContain "Image 1 of"
            }

            "the focus stays with the images, also while there are none" {
                browser.open(url)
                drawn(1)
                browser.run("document.querySelector('#images canvas').focus()")
                browser.run("location.hash = '#label.digit=99'")
                browser.waitFor("the problem") { browser["problem"].isDisplayed }
                browser.focused.getAttribute("id") shouldBe "images"
                browser.run("location.hash = '#label.digit=5'")
                browser.waitFor("the image") { captions() == listOf("digit 5") }
                browser.focused.tagName shouldBe "canvas"
            }

            "64 images fit, at whole screen pixels" {
                browser.open(url)
                browser.choose("digit", 0)
                drawn(64)
                browser.find("#images canvas[tabindex='0']").size shouldBe 1
                val bottom =
                    browser.run(
                        "return document.getElementById('images').getBoundingClientRect().bottom",
                    ) as Number
                bottom.toInt() shouldBeLessThanOrEqual 860
                browser.run("return document.querySelector('#images canvas').width % 16") shouldBe
                    0L
                browser.violations().shouldBeEmpty()
            }

            "a hole is cut and completed, what is known stays, and the link shows the same" {
                openWhole("any-order")
                browser["completion-help"].text shouldContain "everything around a hole"
                val before = levels(0, "#original")
                browser.slide("brush", 5)
                browser.run("document.querySelector('#cut canvas').focus()")
                repeat(6) { browser.focused.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT) }
                browser.focused.sendKeys(Keys.SPACE)
                status() shouldBe "25 of 256 pixels are missing."
                browser["pixel"].text shouldBe "Hole, row 6, column 6: cut out"
                browser.run("document.getElementById('draw').focus()")
                val cut = levels(0, "#cut")
                (0 until 256).filter { cut[it] < 0 } shouldBe
                    (4..8).flatMap { row -> (4..8).map { row * 16 + it } }
                browser.type("count", "2")
                browser["draw"].click()
                browser.waitFor("the completion") { isDone() }
                status() shouldContain "50 pixels of 2 images"
                val after = (0 until 2).map { levels(it) }
                after.forAll { levels ->
                    levels.none { it < 0 } shouldBe true
                    before.indices.filter { cut[it] >= 0 }.forAll { levels[it] shouldBe before[it] }
                }
                browser.picture("completed")
                browser.violations().shouldBeEmpty()
                browser.open(browser.run("return location.href") as String)
                browser.slide("speed", 100)
                browser.waitFor("the same") { isDone() }
                levels(0, "#original") shouldBe before
                (0 until 2).map { levels(it) } shouldBe after
                browser.problems().shouldBeEmpty()
            }

            "results are saved when they are whole, and nothing acts on an image that is gone" {
                openWhole("digits")
                browser["undo"].click()
                isUsable("save") shouldBe true
                browser.run(
                    "document.getElementById('draw').click();" +
                        " return document.getElementById('save').ariaDisabled",
                ) shouldBe "true"
                browser.waitFor("the completion") { isDone() }
                listOf("save", "no-hole", "redo").forAll { isUsable(it) shouldBe true }
                browser.run(
                    "for (const it of ['another', 'cancel']) document.getElementById(it).click()",
                )
                status() shouldBe "Cancelled before the first pixel."
                listOf("draw", "save", "no-hole", "undo", "redo").forAll {
                    isUsable(it) shouldBe false
                }
                browser.run("location.hash = '#model=digits&seed=8'")
                browser.waitFor("another") {
                    isDone() && browser.find("#images canvas").size == 3
                }
                isUsable("save") shouldBe true
                browser.run("location.hash = '#model=any-order&image=nonsense'")
                browser.waitFor("the problem") { browser["problem"].isDisplayed }
                browser.find("canvas").shouldBeEmpty()
                isUsable("save") shouldBe false
            }

            "a drag cuts without gaps, with the main button alone; strokes are undone" {
                openWhole("digits")
                browser.slide("brush", 1)
                val canvas = browser.find("#cut canvas").single()
                val cell = canvas.size.width / 16

                fun middle(at: Int) = at * cell + cell / 2

                fun missing() = (0 until 256).filter { levels(0, "#cut")[it] < 0 }
                browser.run(
                    """
                    for (const type of ["pointerdown", "pointermove", "pointerup"]) {
                      document.querySelector("#cut canvas").dispatchEvent(
                        new PointerEvent(type, { button: 2, buttons: 2, isPrimary: true, pointerId: 1, bubbles: true }),
                      );
                    }
                    """.trimIndent(),
                )
                status() shouldBe "0 of 256 pixels are missing."
                browser.drag(canvas, middle(1) to middle(2), middle(13) to middle(8))
                status() shouldBe "13 of 256 pixels are missing."
                browser["undo"].click()
                status() shouldBe "0 of 256 pixels are missing."
                browser["redo"].click()
                status() shouldBe "13 of 256 pixels are missing."
                val cut = missing()
                cut.map { it % 16 }.sorted() shouldBe (1..13).toList()
                (cut.first() to cut.last()) shouldBe (2 * 16 + 1 to 8 * 16 + 13)
                cut.zipWithNext().forAll { (a, b) -> b / 16 - a / 16 shouldBeLessThanOrEqual 1 }
                browser["no-hole"].click()
                browser.find("[name=tool]")[2].sendKeys(Keys.SPACE)
                canvas.sendKeys(Keys.HOME, Keys.SPACE, Keys.chord(Keys.CONTROL, "z"))
                canvas.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.SPACE)
                status() shouldBe "4 of 256 pixels are missing."
                canvas.sendKeys(Keys.chord(Keys.CONTROL, "z"))
                status() shouldBe "0 of 256 pixels are missing."
                browser.drag(canvas, middle(2) to middle(3), middle(6) to middle(8))
                status() shouldBe "30 of 256 pixels are missing."
                browser.find("[name=tool]")[1].sendKeys(Keys.SPACE)
                browser.drag(canvas, middle(2) to middle(3), middle(6) to middle(3))
                status() shouldBe "25 of 256 pixels are missing."
                missing() shouldBe (4..8).flatMap { row -> (2..6).map { row * 16 + it } }
            }

            "an image is completed as what it is" {
                browser.open(url)
                browser.choose("digit", 3)
                drawn(1)
                val image = levels(0)
                browser["to-complete"].click()
                browser.waitFor("the page") { browser.find("#cut canvas").isNotEmpty() }
                browser.slide("speed", 100)
                browser.waitFor("the completion") { isDone() }
                levels(0, "#original") shouldBe image
                captions() shouldBe (1..3).map { "Result $it of 3: digit 3" }
            }

            "a picture is opened, and what is transparent is missing" {
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
                openWhole("digits")
                browser["picture"].sendKeys(file.path)
                browser.waitFor("the picture") { "32 transparent pixels are missing" in status() }
                val quantiser = Quantiser(4)
                levels(0, "#cut") shouldBe
                    (0 until 256).map { if (it < 32) -1 else quantiser.levelOf(it % 16 * 17) }
                browser.choose("digit", 3)
                browser.type("count", "1")
                browser["draw"].click()
                browser.waitFor("the completion") { isDone() }
                captions() shouldBe listOf("Result 1 of 1: digit 3")
                browser.problems().shouldBeEmpty()
            }

            "a completion sees what its order sees" {
                openWhole("any-order")
                browser["layer"].sendKeys("what the output")

                fun seen(): Int {
                    browser.waitFor("the field") { "seen" in browser["field"].text }
                    return browser["field"].text.substringBefore(" of").toInt()
                }
                browser.slide("brush", 6)
                browser.run("document.querySelector('#cut canvas').focus()")
                repeat(7) { browser.focused.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT) }
                browser.waitFor("the pixel") { "row 7, column 7: level" in browser["pixel"].text }
                val before = seen()
                browser.focused.sendKeys(Keys.SPACE)
                browser.type("count", "1")
                browser["draw"].click()
                browser.waitFor("the completion") { isDone() }
                browser.read("#images canvas") { it.single().sendKeys(Keys.ENTER) }
                repeat(2) {
                    browser.read("#images canvas") {
                        it.single().sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
                    }
                }
                browser.waitFor("the pixel") { "row 7, column 7: level" in browser["pixel"].text }
                // The field of the pixel before stays until this one's has come.
                browser.waitFor("the completion's field") { seen() != before }
            }

            "images are saved as pictures, and drawings of before come back" {
                browser.open(url)
                browser.slide("speed", 100)
                browser.waitFor("the drawing") { isDone() }
                browser.run("localStorage.clear()")
                browser.choose("digit", 4)
                drawn(1)
                browser.run(
                    "const make = URL.createObjectURL;" +
                        " URL.createObjectURL = (it) => { window.saved = it; return make(it); }",
                )
                browser["save"].click()
                browser.waitFor(
                    "the file",
                ) { status().startsWith("Saved digits-image-1-of-1-digit-4") }
                browser.run(
                    "createImageBitmap(window.saved).then((it) => (window.size = it.width))",
                )
                browser.waitFor("its picture") { browser.run("return window.size") == 512L }
                browser.run("location.hash = '#model=zoo'")
                browser.waitFor("another drawing") { isDone() && browser.find("#past a").size == 2 }
                browser.violations().shouldBeEmpty()
                browser.click("#past a", 1)
                browser.waitFor("the one of before") {
                    isDone() && captions() == listOf("digit 4")
                }
                browser.find("#past a").size shouldBe 2
            }

            "what is filled in wrongly is said, where it stands, until it is put right" {
                browser.open(url)
                browser.type("count", "65")
                browser["draw"].click()
                browser["problem"].text shouldContain
                    "Images: found \"65\"; give a whole number from 1 to 64"
                browser.focused.getAttribute("id") shouldBe "count"
                browser["count"].getAttribute("aria-invalid") shouldBe "true"
                browser.violations().shouldBeEmpty()
                browser.type("count", "1")
                browser.choose("digit")
                browser["draw"].click()
                browser["problem"].text shouldContain "digit: choose at least one"
                browser.choose("digit", 1)
                browser.type("seed", "99999999999999999999")
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
                browser.run("return document.getElementById('progress').position") shouldBe 0L
                browser.waitForServer { server.begun == 0 }
                Thread.sleep(300)
                browser["problem"].isDisplayed shouldBe false
                status() shouldBe "Cancelled before the first pixel."
            }

            "a model that wakes is busy until its first pixel" {
                browser.open(url)
                browser.slide("speed", 0)
                browser.run(
                    "document.getElementById('draw').click();" +
                        " window.busy = document.getElementById('images').ariaBusy;" +
                        " window.said = document.getElementById('status').textContent",
                )
                browser.run("return window.busy + ', ' + window.said") shouldBe
                    "true, Waking the model…"
                browser.waitFor("a pixel") {
                    browser["images"].getAttribute("aria-busy") == "false"
                }
            }

            "the address is followed when it changes" {
                browser.open(url)
                browser.run("location.hash = '#model=any-order&seed=123&count=2'")
                browser.waitFor(
                    "the model",
                ) { browser["model"].getAttribute("value") == "any-order" }
                browser["seed"].getAttribute("value") shouldBe "123"
                browser.find("#images canvas").size shouldBe 2
                browser.run("location.hash = '#model=nobody'")
                browser.waitFor("the problem") { browser["problem"].isDisplayed }
                browser["problem"].text shouldContain
                    "the address asks for the model \"nobody\"; there are digits, any-order, zoo, codes, fish, pyramid, good"
                browser.run("location.hash = '#model=digits&label.digit=5&count=100'")
                browser.waitFor("the problem") { "Images: found" in browser["problem"].text }
                browser.read(
                    "#class-digit input:checked",
                ) { it.single().getAttribute("value") } shouldBe
                    "5"
                browser.open("${url}complete#model=digits&image=nonsense")
                browser.waitFor("the problem") { "the address's image" in browser["problem"].text }
            }

            "a refused address takes the images away, and what can be done with them" {
                browser.open(url)
                drawn(2)
                val actions = listOf("save", "save-all")
                actions.forAll { isUsable(it) shouldBe true }
                browser.run("location.hash = '#label.digit=99'")
                browser.waitFor("the problem") { browser["problem"].isDisplayed }
                actions.forAll { isUsable(it) shouldBe false }
                browser["to-complete"].isDisplayed shouldBe false
                browser["which"].text shouldBe ""
            }

            "a refused address takes away what is compressed, and both scales" {
                browser.open("${url}compress")
                browser.waitFor("the file") { status().startsWith("Compressed to") }
                browser.run("location.hash = '#count=100000'")
                browser.waitFor("the problem") { browser["problem"].isDisplayed }
                browser.find("#images canvas").shouldBeEmpty()
                browser.find("#sizes li").shouldBeEmpty()
                browser["cost"].text shouldBe ""
                status() shouldBe ""
                isUsable("file") shouldBe false
                browser.open("${url}scales")
                browser.waitFor("both scales") { browser.find("#smalls canvas").size == 4 }
                browser.run("location.hash = '#count=100000'")
                browser.waitFor("the problem") { browser["problem"].isDisplayed }
                browser.find("#smalls canvas, #images canvas").shouldBeEmpty()
            }

            "classes go by their names" {
                browser.open("$url#model=zoo")
                browser.texts("#class-animal .chip") shouldBe
                    listOf("cat", "dog", "elk")
                browser.choose("animal", 1, 2)
                drawn(2)
                val expected = zoo.sampleImages(2, 7) { label { 1 + it } }.toList()
                expected.forEachIndexed { i, image -> levels(i) shouldBe image.levels().toList() }
                captions() shouldBe listOf("animal dog", "animal elk")
                browser.run("location.hash = '#model=zoo&label.animal=fox'")
                browser.waitFor("the problem") {
                    "give classes out of cat, dog, elk" in browser["problem"].text
                }
            }

            "a class whose name cannot be written goes by its label, marked where that is a name" {
                browser.open("$url#model=fish")
                browser["class-fish"].getDomProperty("value") shouldBe "#0, #1, 1, eel"
                browser.type("class-fish", "#1, eel")
                drawn(2)
                captions() shouldBe listOf("fish  gold ", "fish eel")
                browser.open(browser.run("return location.href") as String)
                browser.slide("speed", 100)
                browser.waitFor("the same") { isDone() }
                captions() shouldBe listOf("fish  gold ", "fish eel")
                browser.type("class-fish", "tench, Tinca tinca")
                browser["draw"].click()
                browser["problem"].text shouldContain
                    "give classes out of #0 for \"tench, Tinca tinca\", #1 for \" gold \", 1, eel"
            }

            "codes have the colours of the palette" {
                browser.open("$url#model=codes")
                drawn(1)
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
                browser.click("#images canvas")
                browser.waitFor("the distribution") { browser.find("#chart .bar").size == 64 }
                browser.problems().shouldBeEmpty()
            }

            "images are compressed, and show what each pixel costs" {
                browser.open("${url}compress")
                browser.waitFor("the file") { status().startsWith("Compressed to") }
                browser.find("#sizes li").size shouldBe 3
                browser["sizes"].text shouldContain "256 bytes"
                browser.run("return document.getElementById('file').ariaDisabled") shouldBe "false"
                browser.click("#images canvas")
                Regex("Image 1 of 4: digit 0 costs .* bits. Row [78], column [78] costs .* bits.")
                    .matches(browser["cost"].text) shouldBe true
                browser.picture("compressed")
                browser.violations().shouldBeEmpty()
                browser.problems().shouldBeEmpty()
            }

            "both scales are shown: the small image is a part of the large one" {
                browser.open("${url}scales")
                browser.texts("#model option") shouldBe listOf("pyramid")
                browser.texts("#pages a") shouldBe
                    listOf("Draw", "Complete", "Compress", "Scales", "Anomalies")
                browser.slide("speed", 100)
                browser.waitFor("the drawing") { isDone() }
                browser.find("#smalls canvas").size shouldBe 4
                browser.click("#smalls canvas", 1)
                browser.waitFor("its pixel in the large image") {
                    Regex("Image 2 of 4: digit 1, row (4|8), column (4|8): level [0-3]")
                        .matches(browser["pixel"].text)
                }
                browser.violations().shouldBeEmpty()
                browser.problems().shouldBeEmpty()
            }

            "an image is painted over, and the detector says what it finds" {
                browser.open("${url}anomalies")
                browser.waitFor("the verdict") { status() == "Checked." }
                val before = levels(0)
                val heat = browser["heat"].getAttribute("src")
                browser["spoil"].click()
                browser.waitFor("another verdict") {
                    status() == "Checked." && browser["heat"].getAttribute("src") != heat
                }
                (levels(0) == before) shouldBe false
                browser["heat"].getAttribute("alt") shouldContain "The hottest pixel is in row"
                browser["found"].text shouldContain "up to 12.5 % it is flagged"
                browser["undo"].click()
                browser.waitFor("the first verdict") {
                    status() == "Checked." && browser["heat"].getAttribute("src") == heat
                }
                levels(0) shouldBe before
                browser.picture("checked")
                browser.violations().shouldBeEmpty()
                browser.problems().shouldBeEmpty()
            }

            "no image is painted over or checked that is gone" {
                browser.open("${url}anomalies")
                browser.waitFor("the verdict") { status() == "Checked." }
                browser["spoil"].click()
                listOf("spoil", "undo").forAll { isUsable(it) shouldBe true }
                browser.run(
                    "for (const it of ['draw', 'cancel']) document.getElementById(it).click()",
                )
                status() shouldBe "Cancelled before the first pixel."
                listOf("spoil", "undo", "redo").forAll { isUsable(it) shouldBe false }
                browser["heat"].isDisplayed shouldBe false
                browser["verdict"].text shouldBe ""
                browser["draw"].click()
                browser.waitFor("the next verdict") { status() == "Checked." }
                isUsable("spoil") shouldBe true
            }

            "the page fits a phone, whose inspector stays in sight and whose targets are large" {
                for (path in listOf("", "complete")) {
                    browser.open(url + path, width = 390, height = 844)
                    browser.slide("speed", 100)
                    browser.waitFor("the drawing") {
                        isDone() &&
                            browser.find("#chart svg").isNotEmpty()
                    }
                    val width = browser.run("return document.documentElement.scrollWidth") as Long
                    width.toInt() shouldBeLessThanOrEqual 390
                    browser.run("window.scrollTo(0, 100)")
                    val bottom =
                        browser.run(
                            "return document.getElementById('inspector').getBoundingClientRect().bottom",
                        ) as Number
                    bottom.toInt() shouldBe 844
                    val small =
                        browser.run(
                            """
                            return Array.from(document.querySelectorAll("a:not(.skip), button, input, select"))
                              .filter((it) => it.checkVisibility())
                              .filter((it) => it.getBoundingClientRect().height < 44)
                              .map((it) => it.outerHTML);
                            """.trimIndent(),
                        ) as List<*>
                    small.shouldBeEmpty()
                    browser.picture("phone-${path.ifEmpty { "draw" }}")
                    browser.violations().shouldBeEmpty()
                }
            }

            "controls have names, and the page its landmarks" {
                browser.open(url)
                val controls =
                    browser.find(
                        "#form input:not(.chip input), select, button, progress",
                    )
                controls.map { it.accessibleName } shouldBe
                    listOf("Model", "Draw", "Pause", "Cancel", "Pixels drawn") +
                    listOf("Save as PNG", "Save all", "Copy link", "Show", "All") +
                    listOf("Images", "Seed", "Another seed", "Speed", "Temperature") +
                    listOf("0.5 tidy", "0.8 calm", "1 as learned", "1.3 wild")
                browser.find("main, h1, header, nav, [role=status], [role=alert]").size shouldBe 6
                browser.find("html[lang=en]").size shouldBe 1
            }
        }
    }) {
    private companion object {
        val IMAGES = ImageSpec(16, 16, 1, 4)

        fun named() =
            GatedPixelCnn
                .builder(IMAGES)
                .blocks(1)
                .maps(4)
                .classCondition("animal", listOf("cat", "dog", "elk"))
                .build()

        /** More classes than have chips, of which some have names that cannot be written. */
        fun fish() =
            GatedPixelCnn
                .builder(IMAGES)
                .name("fish")
                .blocks(1)
                .maps(4)
                .classCondition(
                    "fish",
                    listOf("tench, Tinca tinca", " gold ", "1", "eel") + List(60) { "fish $it" },
                ).build()

        fun codes() =
            GatedPixelCnn
                .builder(ImageSpec(4, 4, 1, 512))
                .name("codes")
                .embedding(4)
                .blocks(1)
                .maps(4)
                .build()

        fun anyOrder() =
            LocallyMaskedPixelCnn
                .builder(IMAGES)
                .name("any-order")
                .orders(GenerationOrder.eight(GenerationOrder.sCurve(16, 16)))
                .blocks(1)
                .maps(12)
                .build()

        fun Browser.waitForServer(condition: () -> Boolean) {
            val end = System.nanoTime() + 30_000_000_000L
            while (!condition()) {
                check(System.nanoTime() < end) { "the drawing went on without a page" }
                Thread.sleep(50)
            }
        }
    }
}
