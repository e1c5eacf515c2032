package io.weft.samples.serve

import com.fasterxml.jackson.databind.JsonNode
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.weft.Model
import io.weft.codec.Codec
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.dsl.sample
import io.weft.dsl.sampleImages
import io.weft.model.LocallyMaskedPixelCnn
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScaleModel
import io.weft.sample.Pixel
import io.weft.samples.digitModel
import io.weft.samples.pyramid
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList
import java.util.Base64
import javax.imageio.ImageIO
import kotlin.io.path.Path
import kotlin.io.path.listDirectoryEntries
import kotlin.math.ln
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import java.net.Socket as TcpSocket

class LiveServerSpec :
    StringSpec({
        val digits = Model.initial(digitModel(), 1)
        val anyOrder =
            Model.initial(
                LocallyMaskedPixelCnn
                    .builder(SMALL)
                    .orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
                    .maps(6)
                    .blocks(1)
                    .build(),
                2,
            )
        val pyramid = MultiScaleModel.initial(pyramid(), 1)
        val detector = untrainedDetector()
        val server =
            LiveServer(
                mapOf(
                    "digits" to Painter.of(digits),
                    "any-order" to Painter.of(anyOrder),
                    "pyramid" to Painter.of(pyramid),
                    "good" to Painter.of(detector.model()),
                ),
                "127.0.0.1",
                0,
                3,
                detectors = mapOf("good" to detector),
            )
        val port = server.start()
        val page = Page(port)

        afterSpec {
            server.close()
            digits.close()
            anyOrder.close()
            pyramid.close()
            detector.close()
        }

        suspend fun drawn(count: Int): List<List<Int>> =
            digits
                .sample(count, 7) {
                    label { 3 }
                    batch = count
                }.toList()
                .map(::compact)

        "the page and its files are served, and nothing else" {
            Asset.entries.forAll { asset ->
                val answer = page.get(asset.path)
                answer.statusCode() shouldBe 200
                answer.headers().firstValue("content-type").get() shouldBe asset.type
                answer.headers().firstValue("x-content-type-options").get() shouldBe "nosniff"
                answer.headers().firstValue("content-security-policy").get() shouldContain
                    "default-src 'none'"
            }
            listOf(
                "/../pom.xml",
                "/serve/page.js",
                "/etc/passwd",
                "/%2e%2e/pom.xml",
                "/api",
            ).forAll {
                val answer = page.get(it)
                withClue(it) { answer.statusCode() shouldBe 404 }
                problem(answer.body(), 404) shouldContain "the page is at /"
            }
        }

        "every file of the page has an address" {
            val folder = Path("src/main/resources/serve")
            val frame = 1
            Asset.entries.size + frame shouldBe folder.listDirectoryEntries().size
            listOf("/", "/complete", "/compress", "/scales", "/anomalies").forAll {
                page.get(it).body() shouldNotContain Regex("[{][a-z]+[}]")
            }
        }

        "the order in which pixels are drawn, all of them or those of a hole" {
            fun order(
                model: String,
                question: String,
            ) = JSON
                .readTree(page.post("/api/models/$model/order", question).body())["order"]
                .map { it.asInt() }
            order("digits", "{}") shouldBe (0 until 256).toList()
            val isKnown = List(64) { it / 8 !in 2..5 }
            val socket =
                page.stream("any-order").say(
                    """{"seed": "1", "count": 1, "temperature": 1,
                        "known": {"values": ${List(64) { 0 }}, "mask": $isKnown}}""",
                )
            socket.next()
            order("any-order", """{"mask": $isKnown}""") shouldBe
                socket.ask(32).pixels(32).map { it[1] * 8 + it[2] }
            val draw = """{"seed": "7", "count": 1, "temperature": 1, "labels": {"digit": [3]}}"""
            val pyramids = page.stream("pyramid").say(draw).also { it.next() }
            order("pyramid", "{}") shouldBe pyramids.ask(256).pixels(256).map { it[1] * 16 + it[2] }
            val nothing = page.post("/api/models/digits/order", """{"mask": [true]}""")
            problem(nothing.body(), 400) shouldContain "expected a list of 256"
        }

        "images are coded, decode to the same, and it is said what each pixel costs" {
            val image = digits.sampler(7).labels { 3 }.images().toList().single()
            val levels = image.levels().toList()
            val question = """{"images": [$levels, $levels], "labels": {"digit": [3, 4]}}"""
            val answer =
                JSON.readTree(page.post("/api/models/digits/compress", question).body())
            val set = ImageSet.of(image.spec(), (levels + levels).toIntArray())
            val examples =
                Examples.conditioned(set) { ConditionValues.none().withLabel("digit", 3 + it) }
            answer["bits"].forEachIndexed { i, bits ->
                bits.sum() * ln(2.0) shouldBe
                    digits.score(examples).nats(i).plusOrMinus(1e-3)
            }
            val file = Base64.getDecoder().decode(answer["file"].asText())
            answer["bytes"].asInt() shouldBe file.size
            val decoded = Codec.of(digits).open(file).decode()
            decoded.image(1).toList() shouldBe levels
            "${decoded.conditions(1)}" shouldBe "{digit=4}"
            val refusals =
                mapOf(
                    "digits" to """{"images": [], "labels": {"digit": [3]}}""" to
                        "expected a list of 1 to 16",
                    "digits" to """{"images": [[1]], "labels": {"digit": [3]}}""" to
                        "the message.images[0]: found 1 elements; expected a list of 256",
                    "digits" to """{"images": [$levels]}""" to "\"digit\"",
                    "pyramid" to question to "two models that draw in turn",
                )
            refusals.forEach { (asked, words) ->
                val refused = page.post("/api/models/${asked.first}/compress", asked.second)
                problem(refused.body(), 400) shouldContain words
            }
        }

        "a detector says how strange an image is, and where" {
            val levels = List(256) { if (it in 100..120) 3 else 0 }
            val answer =
                JSON.readTree(page.post("/api/models/good/check", """{"values": $levels}""").body())
            val image = detector.definition().image()
            val found = detector.check(ImageSet.of(image, levels.toIntArray()))
            answer["score"].asDouble() shouldBe found.score(0).plusOrMinus(1e-6)
            answer["pValue"].asDouble() shouldBe found.pValue(0)
            answer["isAnomalous"].asBoolean() shouldBe found.isAnomalous(0)
            answer["heat"].map { it.asDouble().toFloat() } shouldBe found.heat(0).toList()
            val picture =
                ImageIO.read(
                    Base64.getDecoder().decode(answer["picture"].asText()).inputStream(),
                )
            (picture.width to picture.height) shouldBe (448 to 448)
            val none = page.post("/api/models/digits/check", """{"values": $levels}""")
            problem(none.body(), 400) shouldContain "start the server with --detector"
            val described = JSON.readTree(page.get("/api/models").body())["models"].toList()
            described.map { it["isDetector"].asBoolean() } shouldBe
                listOf(false, false, false, true)
            described.map { it["isCodec"].asBoolean() } shouldBe listOf(true, true, false, true)
            described[2]["scale"].toString() shouldBe """{"factor":4,"height":4,"width":4}"""
        }

        "models are described" {
            val answer = JSON.readTree(page.get("/api/models").body())
            answer["limits"]["streams"].asInt() shouldBe 3
            val (first, second) = answer["models"].toList()
            first["id"].asText() shouldBe "digits"
            first["classes"].toString() shouldBe """[{"name":"digit","count":10}]"""
            first["completion"].asText() shouldBe "in-order"
            second["completion"].asText() shouldBe "around"
            first["layers"].map { it.asText() } shouldHaveSize
                digits.definition().graph().nodes().count { it.shape().height() == 16 } - 1
        }

        "pixels come as the flow gives them, as many as are asked for" {
            val socket = page.stream("digits").say(DRAW)
            socket.next()["started"]["pixels"].asInt() shouldBe 512
            socket.isQuiet(300) shouldBe true
            val first = socket.ask(10).pixels(10)
            first shouldHaveSize 10
            socket.isQuiet(300) shouldBe true
            val rest = socket.ask(300).ask(1_000).pixels(502)
            socket.next()["done"].asBoolean() shouldBe true
            first + rest shouldBe drawn(2)
            socket.closed.get() shouldBe 1000
        }

        "a page that goes away cancels its drawing" {
            val left = List(3) { page.stream("digits").say(DRAW) }
            left.forEach { it.next() }
            left.forEach { it.ask(100).pixels(100) }
            server.drawing shouldBe 3
            val next = page.stream("digits").say(DRAW)
            next.next()["waiting"].asBoolean() shouldBe true
            (left + next).forEach { it.leave() }
            eventually(10.seconds) { server.begun shouldBe 0 }
        }

        "drawings do not disturb each other" {
            val sockets = List(3) { page.stream("digits").say(DRAW) }
            sockets.forEach { it.next() }
            val pixels = List(3) { mutableListOf<List<Int>>() }
            repeat(4) {
                sockets.forEachIndexed { i, socket -> pixels[i] += socket.ask(128).pixels(128) }
            }
            pixels.forAll { it shouldBe drawn(2) }
            eventually(10.seconds) { server.begun shouldBe 0 }
        }

        "a hole is filled, and the rest stays" {
            val mask = List(64) { it / 8 !in 3..4 }
            val known = """{"values": ${List(64) { it % 3 }}, "mask": $mask}"""
            val socket =
                page
                    .stream("any-order")
                    .say("""{"seed": "1", "count": 2, "temperature": 1, "known": $known}""")
            socket.next()["started"]["pixels"].asInt() shouldBe 32
            val pixels = socket.ask(32).pixels(32)
            pixels.map { it[1] * 8 + it[2] }.toSet() shouldBe (24 until 40).toSet()
            val question =
                """{"values": ${List(64) { it % 3 }}, "drawn": $mask, "known": $known,
                    "row": 3, "column": 7, "temperature": 1}"""
            val answer = page.post("/api/models/any-order/distribution", question)
            val order = JSON.readTree(answer.body())["channels"]
            withClue(answer.body()) {
                order.single()["probabilities"].sum() shouldBe
                    1.0.plusOrMinus(1e-9)
            }
        }

        "a pixel's distribution is the one that it is drawn from" {
            val image = digits.sampler(7).labels { 3 }.images().toList().single()
            val question = question(image.levels().toList(), List(256) { it < 100 }, 6, 4)
            val answer =
                JSON.readTree(
                    page.post("/api/models/digits/distribution", question).body(),
                )
            val expected = digits.sampler(0).labels { 3 }.probabilities(image.levels(), 6, 4)[0]
            answer["channels"].single()["probabilities"].map { it.asDouble() } shouldContainExactly
                expected.toList()
            val early = question(image.levels().toList(), List(256) { it < 99 }, 6, 4)
            val none = page.post("/api/models/digits/distribution", early).body()
            JSON.readTree(none)["none"].asText() shouldContain
                "row 6, column 3 comes earlier and is not drawn yet"
        }

        "the receptive field of a layer, and of the output" {
            val output = field(page, "digits", """{"row": 8, "column": 8}""")
            output["blindSpot"].toList().shouldHaveSize(0)
            val layer =
                JSON.readTree(page.get("/api/models").body())["models"][0]["layers"][0].asText()
            val first = field(page, "digits", """{"row": 8, "column": 8, "layer": "$layer"}""")
            (first["field"].size() < output["field"].size()) shouldBe true
            problem(page.post(FIELD, """{"row": 16, "column": 0}""").body(), 400) shouldContain
                "row: found 16; expected a whole number from 0 to 15"
            val nowhere = """{"row": 1, "column": 0, "layer": "none"}"""
            problem(page.post(FIELD, nowhere).body(), 400) shouldContain "has no feature \"none\""
        }

        "the receptive field of a completion is that of its order: what matters is listed" {
            val isKnown = List(64) { it / 8 !in 2..5 || it % 8 !in 2..5 }
            val values = List(64) { it % 3 }

            fun probabilities(levels: List<Int>): String {
                val known = """{"values": $levels, "mask": $isKnown}"""
                val question =
                    """{"values": $levels, "drawn": $isKnown, "known": $known, "row": 2,
                        "column": 2, "temperature": 1}"""
                val answer = page.post("/api/models/any-order/distribution", question)
                withClue(answer.body()) { answer.statusCode() shouldBe 200 }
                return JSON.readTree(answer.body())["channels"].toString()
            }

            fun listed(mask: String) =
                field(page, "any-order", """{"row": 2, "column": 2$mask}""")["field"]
                    .map { it.asInt() }

            val before = probabilities(values)
            val matter =
                (0 until 64).filter { at ->
                    isKnown[at] &&
                        (1..2).any { more ->
                            val changed = values.toMutableList()
                            changed[at] = (changed[at] + more) % 3
                            probabilities(changed) != before
                        }
                }
            val field = listed(""", "mask": $isKnown""")
            field.filter { isKnown[it] } shouldContainExactly matter
            listed("").containsAll(matter) shouldBe false
        }

        "what is asked wrongly is refused in words" {
            val refusals =
                mapOf(
                    "nonsense" to "is not JSON",
                    "[]" to "expected an object",
                    "{} {}" to "not JSON",
                    """{"seed": "7", "seed": "8"}""" to "Duplicate field",
                    "{}" to "no field \"seed\"",
                    """{"seed": 7, "count": 1, "temperature": 1}""" to "as a string",
                    """{"seed": "7", "count": 65, "temperature": 1}""" to "from 1 to 64",
                    """{"seed": "7", "count": 1, "temperature": 0}""" to "expected 0.01 to 10.0",
                    """{"seed": "7", "count": 1, "temperature": 1e999}""" to
                        "expected 0.01 to 10.0",
                    """{"seed": "7", "count": 1, "temperature": 1, "lables": {}}""" to
                        "\"lables\"",
                    """{"seed": "7", "count": 1, "temperature": 1}""" to "\"digit\"",
                    """{"seed": "7", "count": 1, "temperature": 1, "labels": {"digit": [10]}}""" to
                        "from 0 to 9",
                    """{"seed": "7", "count": 1, "temperature": 1, "labels": {"digit": [1]},
                        "known": {"values": [1], "mask": [true]}}""" to "expected a list of 256",
                    """{"seed": "7", "count": 1, "temperature": 1, "labels": {"digit": [1]},
                        "known": {"values": ${List(
                        256,
                    ) { 0 }}, "mask": ${List(256) { true }}}}""" to
                        "nothing to complete",
                )
            refusals.forEach { (message, words) ->
                val socket = page.stream("digits").say(message)
                problem(socket.next(), 400) shouldContain words
                socket.closed.get() shouldBe 1000
            }
            val socket = page.stream("digits").say(DRAW)
            socket.next()
            problem(socket.ask(0).next(), 400) shouldContain "from 1 to 1000000"
            problem(page.stream("nobody").next(), 404) shouldContain
                "there are [digits, any-order, pyramid, good]"
            eventually(10.seconds) { server.begun shouldBe 0 }
        }

        "other pages, other names and too much are refused" {
            val elsewhere = arrayOf("Origin", "http://evil.example")
            problem(page.get("/api/models", *elsewhere).body(), 403) shouldContain "evil.example"
            raw(port, "GET /api/models HTTP/1.1\r\nHost: evil.example:$port\r\n\r\n") shouldContain
                "HTTP/1.1 403"
            val answer = page.post("/api/models/digits/distribution", "x".repeat(2_000_000))
            problem(answer.body(), 413) shouldContain "2000000 bytes"
            raw(port, "GET /api/models HTTP/1.1\r\nHost: localhost:$port\r\n\r\n") shouldContain
                "HTTP/1.1 200"
        }

        "a page that asks for nothing is given up after a while" {
            LiveServer(
                mapOf("digits" to Painter.of(digits)),
                "127.0.0.1",
                0,
                1,
                patience = Patience(pause = 200.milliseconds, rest = 1500.milliseconds),
            ).use {
                val socket = Page(it.start()).stream("digits").say(DRAW)
                socket.next()
                problem(socket.next(), 408) shouldContain "the same seed gives the same image"
            }
        }

        "a pyramid's pixels come in their places in the large image, the small one's first" {
            val draw = """{"seed": "7", "count": 1, "temperature": 1, "labels": {"digit": [3]}}"""
            val pixels = page.stream("pyramid").say(draw).also { it.next() }.ask(256).pixels(256)
            val expected =
                pyramid.sampleImages(count = 1, seed = 7) { label { 3 } }.toList().single()
            pixels.map { (_, row, column) -> row to column }.toSet() shouldHaveSize 256
            pixels.take(16).forAll { (_, row, column) -> (row % 4) + (column % 4) shouldBe 0 }
            pixels.forAll { (_, row, column, value) ->
                expected.value(row, column, 0) shouldBe value
            }
            val levels = expected.levels().toList()
            for ((row, column) in listOf(4 to 8, 5 to 8)) {
                val question =
                    """{"values": $levels, "drawn": ${List(256) { true }}, "row": $row,
                    "column": $column, "temperature": 1, "labels": {"digit": [3]}}"""
                val answer = page.post("/api/models/pyramid/distribution", question).body()
                JSON.readTree(answer)["channels"][0]["probabilities"].sum() shouldBe
                    1.0.plusOrMinus(1e-6)
            }
        }

        "closing the server ends drawings, closing a model tells the page" {
            val model = Model.initial(digitModel(), 1)
            val other = LiveServer(mapOf("digits" to Painter.of(model)), "127.0.0.1", 0, 2)
            val its = Page(other.start())
            val drawing = its.stream("digits").say(DRAW)
            drawing.next()
            drawing.ask(3).pixels(3)
            model.close()
            val told = problem(its.stream("digits").say(DRAW).next(), 503)
            told shouldContain "closed"
            told shouldNotContain "Exception"
            other.close()
            drawing.closed.handle { _, _ -> true }.get() shouldBe true
        }
    }) {
    private companion object {
        val SMALL = ImageSpec(8, 8, 1, 3)

        const val DRAW = """{"seed": "7", "count": 2, "temperature": 1, "labels": {"digit": [3]}}"""
        const val FIELD = "/api/models/digits/receptive-field"

        fun compact(pixel: Pixel) =
            listOf(pixel.image().toInt(), pixel.row(), pixel.column()) + pixel.values().toList()

        fun JsonNode.sum() = sumOf { it.asDouble() }

        fun field(
            page: Page,
            model: String,
            question: String,
        ) = JSON.readTree(page.post("/api/models/$model/receptive-field", question).body())

        fun question(
            values: List<Int>,
            drawn: List<Boolean>,
            row: Int,
            column: Int,
        ) = """{"values": $values, "drawn": $drawn, "row": $row, "column": $column,
            "temperature": 1, "labels": {"digit": [3]}}"""

        fun problem(
            body: String,
            status: Int,
        ): String = problem(JSON.readTree("""{"problem": $body}"""), status)

        fun problem(
            message: JsonNode,
            status: Int,
        ): String =
            withClue(message) {
                message["problem"]["status"].asInt() shouldBe status
                message["problem"]["type"].asText() shouldBe "about:blank"
                message["problem"]["detail"].asText()
            }

        /** What Java's own client does not let one send. */
        fun raw(
            port: Int,
            request: String,
        ): String =
            TcpSocket("127.0.0.1", port).use {
                it.getOutputStream().write(request.toByteArray())
                val answer = ByteArray(64)
                val read = it.getInputStream().readNBytes(answer, 0, 15)
                String(answer, 0, read)
            }
    }
}
