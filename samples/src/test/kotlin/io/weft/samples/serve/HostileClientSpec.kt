package io.weft.samples.serve

import io.kotest.assertions.nondeterministic.eventually
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.inspectors.forAll
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import io.weft.Model
import io.weft.model.PixelCnn
import io.weft.spec.ImageSpec
import java.net.InetAddress
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The live page's server among clients that are broken, slow or mean. */
class HostileClientSpec :
    StringSpec({
        val models = mapOf("plain" to plain(32), "large" to plain(64))
        val painters = models.mapValues { Painter.of(it.value) }
        val server = LiveServer(painters, "127.0.0.1", 0, 2)
        val port = server.start()
        val quick =
            LiveServer(
                painters,
                "127.0.0.1",
                0,
                1,
                patience = Patience(request = 1500.milliseconds, pause = 200.milliseconds),
            )
        val quickPort = quick.start()

        afterSpec {
            server.close()
            quick.close()
            models.values.forEach(Model::close)
        }

        fun <T> raw(
            at: Int = port,
            talk: RawConnection.() -> T,
        ): T = RawConnection(at).use(talk)

        fun asked(
            line: String,
            vararg headers: String,
        ): String = raw { ask(line, *headers, "Connection: close").hear() }

        // Bodies.

        "a body without end is neither read nor waited for" {
            val chunk = "2000\r\n${"x".repeat(8192)}\r\n".toByteArray()
            listOf(
                listOf("Transfer-Encoding: chunked", "Content-Length: 5"),
                listOf("Transfer-Encoding: chunked"),
            ).forAll { headers ->
                raw {
                    ask("POST $QUESTION", *headers.toTypedArray())
                    sayUntilCutOff(chunk, 200_000_000) shouldBeLessThan 20_000_000L
                }
            }
            asked(
                "POST $QUESTION",
                "Transfer-Encoding: chunked",
                "Content-Length: 5",
            ) shouldStartWith
                "HTTP/1.1 400"
            asked("POST $QUESTION", "Transfer-Encoding: chunked") shouldStartWith "HTTP/1.1 411"
            asked("POST $QUESTION", "Transfer-Encoding: gzip, identity") shouldStartWith
                "HTTP/1.1 400"
            asked("POST $QUESTION") shouldStartWith "HTTP/1.1 411"
        }

        "a body that is announced too long is refused before it comes" {
            raw {
                ask(
                    "POST $QUESTION",
                    "Content-Length: 2000000000",
                ).hear("PROBLEM".lowercase()) shouldStartWith
                    "HTTP/1.1 413"
                sayUntilCutOff(ByteArray(65_536), 200_000_000) shouldBeLessThan 20_000_000L
            }
            asked(
                "POST $QUESTION",
                "Content-Length: 2000000000",
                "Expect: 100-continue",
            ) shouldStartWith
                "HTTP/1.1 413"
            asked("POST $QUESTION", "Content-Length: 4", "Content-Length: 5") shouldStartWith
                "HTTP/1.1 400"
            asked("POST $QUESTION", "Content-Length: -4") shouldStartWith "HTTP/1.1 400"
            asked("POST $QUESTION", "Content-Length: 2", "Expect: a miracle") shouldStartWith
                "HTTP/1.1 417"
        }

        // Requests.

        "addresses that are none are the client's fault" {
            listOf(
                "GET /%zz",
                "GET /api/models/%zz/distribution",
                "GET http://localhost/",
                "GET *",
                "GET /%",
            ).forAll {
                val answer = asked(it)
                answer shouldStartWith "HTTP/1.1 400"
                answer shouldContain "application/problem+json"
                answer shouldNotContain "Exception"
            }
            asked("GET /${"x".repeat(10_000)}") shouldStartWith "HTTP/1.1 414"
            asked("GET /", "X: ${"x".repeat(10_000)}") shouldStartWith "HTTP/1.1 431"
            raw { say("\u0000\u0001nonsense\r\n\r\n").hear() } shouldStartWith "HTTP/1.1 400"
        }

        "methods that are not served are named, with those that are" {
            listOf("PUT /", "DELETE /api/models", "TRACE /", "GET $QUESTION").forAll {
                asked(it) shouldStartWith "HTTP/1.1 405"
            }
            asked("PUT /") shouldContain "allow: GET"
            asked("GET $QUESTION") shouldContain "allow: POST"
            asked("GET /api/models/plain/stream") shouldStartWith "HTTP/1.1 426"
        }

        "requests in a row are answered in order, a bad one the last" {
            raw {
                val host = "Host: localhost:$port\r\n\r\n"
                say(
                    "GET /icon.svg HTTP/1.1\r\n${host}GET /page.css HTTP/1.1\r\n${host}GET /%zz HTTP/1.1\r\n$host",
                )
                say("GET / HTTP/1.0\r\nHost: evil.example\r\n\r\nGET / HTTP/1.1\r\n$host")
                val answers = hear()
                Regex(
                    "HTTP/1.1 ([0-9]+)",
                ).findAll(answers).map { it.groupValues[1] }.toList() shouldBe
                    listOf("200", "200", "400", "403")
            }
        }

        "what is not one JSON object without doubt is refused" {
            val page = Page(port)
            val question = """"row": 0, "column": 0"""
            mapOf(
                "{$question} {}" to "Trailing token",
                "{$question} x" to "not JSON",
                """{$question, "row": 1}""" to "Duplicate field 'row'",
                "" to "expected an object",
                "null" to "expected an object",
                "\"\"" to "expected an object",
                "[".repeat(5_000) to "nesting depth",
                "{\"row\": ${"1".repeat(5_000)}}" to "not JSON",
            ).toList().forAll { (body, words) ->
                val answer = page.post(FIELD, body)
                answer.statusCode() shouldBe 400
                answer.body() shouldContain words
            }
            page.post(FIELD, "{$question}").statusCode() shouldBe 200
            raw {
                val body = byteArrayOf('"'.code.toByte(), 0xc3.toByte(), 0x28, '"'.code.toByte())
                ask("POST $FIELD", "Content-Length: 4", "Connection: close")
                say(body).hear() shouldContain "not JSON"
            }
        }

        // Frames.

        "frames that the protocol does not have end the connection" {
            val ask = """{"request": 1}""".toByteArray()
            val bad =
                mapOf(
                    "unmasked" to RawConnection.frame(RawConnection.TEXT, ask, isMasked = false),
                    "reserved bit 1" to RawConnection.frame(0xc1, ask),
                    "reserved bit 3" to RawConnection.frame(0x91, ask),
                    "reserved data frame" to RawConnection.frame(0x83, ask),
                    "reserved control frame" to RawConnection.frame(0x8b, ask),
                    "fragmented ping" to RawConnection.frame(0x09, ask),
                    "long ping" to RawConnection.frame(0x89, ByteArray(126)),
                    "continuation of nothing" to RawConnection.frame(0x80, ask),
                    "text within text" to
                        RawConnection.frame(0x01, ask) +
                        RawConnection.frame(RawConnection.TEXT, ask),
                )
            bad.toList().forAll { (what, bytes) ->
                withClue(what) { raw { upgrade("plain").say(bytes).closeCode() } shouldBe 1002 }
            }
            val latin = RawConnection.frame(RawConnection.TEXT, byteArrayOf(0xe4.toByte(), 0x20))
            raw { upgrade("plain").say(latin).closeCode() } shouldBe 1007
            val long = byteArrayOf(0x81.toByte(), 0xff.toByte(), 0, 0, 0, 0, 0x40, 0, 0, 0)
            raw { upgrade("plain").say(long).closeCode() } shouldBe 1009
            raw {
                upgrade("plain")
                val part = RawConnection.frame(0x00, ByteArray(60_000) { 32 })
                say(RawConnection.frame(0x01, ask))
                sayUntilCutOff(part, 100_000_000) shouldBeLessThan 20_000_000L
            }
            raw {
                upgrade("plain").say(RawConnection.frame(0x82, ask)).hear("send JSON as text")
                closeCode()
            } shouldBe 1000
        }

        "a message may come in pieces, with a ping between" {
            raw {
                upgrade("plain")
                say(RawConnection.frame(0x01, DRAW.take(10).toByteArray()))
                say(RawConnection.frame(0x89, "hello".toByteArray()))
                say(RawConnection.frame(0x80, DRAW.drop(10).toByteArray()))
                hear("started") shouldContain "hello"
            }
        }

        // Time.

        "who is silent or slow is dropped" {
            raw(quickPort) { isClosedWithin(5.seconds) } shouldBe true
            raw(quickPort) {
                ask("GET /icon.svg").hear("</svg>")
                isClosedWithin(5.seconds)
            } shouldBe true
            raw(
                quickPort,
            ) { trickle("GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(100)}") } shouldBe
                true
            raw(quickPort) {
                ask("POST $QUESTION", "Content-Length: 1000")
                trickle(" ".repeat(100))
            } shouldBe true
            raw(quickPort) { upgrade("plain").hear() shouldContain "say it at once" }
        }

        "who goes on is not dropped" {
            raw(quickPort) {
                repeat(6) {
                    ask("GET /icon.svg").hear("</svg>")
                    Thread.sleep(500)
                }
            }
        }

        // Places.

        "sockets that say nothing keep nobody from drawing" {
            val silent = List(40) { RawConnection(port).upgrade("plain") }
            try {
                raw { upgrade("plain").say(RawConnection.text(DRAW)).hear("started") }
            } finally {
                silent.forEach { it.close() }
            }
        }

        "a drawing that is asked for nothing gives its place away, and goes on later" {
            val paused = Page(quickPort).stream("plain").say(DRAW)
            paused.next()["started"]["pixels"].asInt() shouldBe 64 * 1024
            val first = paused.ask(10).pixels(10)
            val other = Page(quickPort).stream("plain").say(DRAW)
            val told = other.next()
            if (told.has("waiting")) other.next().has("started") shouldBe true
            other.ask(10).pixels(10) shouldBe first
            paused.ask(20).pixels(20, "waiting").size shouldBe 20
            listOf(paused, other).forEach { it.leave() }
            eventually(10.seconds) { quick.begun shouldBe 0 }
        }

        "who asks for everything and reads nothing gives its place away" {
            // More than the buffers between hold.
            val deaf = RawConnection(quickPort, receiveBuffer = 2048).upgrade("large")
            deaf.use {
                it.say(RawConnection.text(DRAW)).say(RawConnection.text("""{"request": 1000000}"""))
                eventually(60.seconds) {
                    quick.begun shouldBe 1
                    quick.drawing shouldBe 0
                }
                val other = Page(quickPort).stream("plain").say(DRAW)
                other.next().has("started") shouldBe true
                other.ask(10).pixels(10)
                other.leave()
            }
            eventually(10.seconds) { quick.begun shouldBe 0 }
        }

        "who pings and reads nothing is kept no answers" {
            RawConnection(port, receiveBuffer = 2048).upgrade("plain").use { deaf ->
                deaf.say(RawConnection.text(DRAW))
                val ping = RawConnection.frame(0x89, ByteArray(125))
                val many = ByteArray(1000 * ping.size) { ping[it % ping.size] }
                repeat(400) { deaf.say(many) }
                // What the buffers between hold, and not an answer of 127 bytes to each of 400,000.
                deaf.pass(2.seconds) shouldBeLessThan 20_000_000L
                deaf.say(RawConnection.frame(0x89, "still there".toByteArray())).hear("still there")
            }
        }

        "drawings without end take turns" {
            val page = Page(quickPort)
            val all = List(3) { page.stream("plain").say(DRAW).ask(1_000_000) }
            all.forEach { it.pixels(5_000, "waiting", "started") }
            all.forEach { it.leave() }
            eventually(10.seconds) { quick.begun shouldBe 0 }
        }

        "the drawing that has rested longest is given up for a new one" {
            val page = Page(quickPort)
            val paused =
                List(4) {
                    page.stream("plain").say(DRAW).also { socket ->
                        socket.ask(1).pixels(1, "waiting", "started")
                        eventually(10.seconds) { quick.drawing shouldBe 0 }
                    }
                }
            val new = page.stream("plain").say(DRAW)
            new.next().has("started") shouldBe true
            paused.first().next()["problem"]["detail"].asText() shouldContain
                "given up for them; draw again"
            paused[1].ask(1).pixels(1, "waiting")
            (paused.drop(1) + new).forEach { it.leave() }
            eventually(10.seconds) { quick.begun shouldBe 0 }
        }

        // Names.

        "a page that has its name point here is refused, on every address as well" {
            LiveServer(painters, "0.0.0.0", 0, 1, listOf("studio.example")).use { open ->
                val at = open.start()
                // A machine may have a name that it does not know.
                val own = runCatching { InetAddress.getLocalHost().hostName }.getOrNull()

                fun status(host: String) =
                    raw(
                        at,
                    ) {
                        say(
                            "GET /api/models HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n",
                        ).hear()
                    }

                listOfNotNull(
                    "localhost:$at",
                    "LOCALHOST",
                    "localhost.:$at",
                    "127.0.0.1:$at",
                    "[::1]:$at",
                    "10.1.2.3",
                    own,
                    "Studio.example:80",
                ).forAll { status(it) shouldStartWith "HTTP/1.1 200" }
                listOf(
                    "evil.example:$at",
                    "127.0.0.1.evil.example",
                    "[evil]",
                    "",
                    "localhost@evil.example",
                ).forAll { status(it) shouldStartWith "HTTP/1.1 403" }
                status("evil.example") shouldContain "--allow-host=evil.example"
                status("localhost\r\nHost: localhost") shouldStartWith "HTTP/1.1 400"
            }
            raw { say("GET / HTTP/1.1\r\n\r\n").hear() } shouldStartWith "HTTP/1.1 400"
        }

        "another page may not ask, nor open a socket" {
            listOf("http://evil.example", "null", "http://localhost:1").forAll {
                asked("GET /api/models", "Origin: $it") shouldStartWith "HTTP/1.1 403"
                asked(
                    "GET /api/models/plain/stream",
                    "Origin: $it",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                ) shouldStartWith "HTTP/1.1 403"
            }
            asked("GET /api/models", "Origin: http://localhost:$port") shouldStartWith
                "HTTP/1.1 200"
        }

        "the server lives on" {
            List(8) { thread ->
                Thread {
                    repeat(50) { i ->
                        raw {
                            when ((thread + i) % 4) {
                                0 -> ask("GET /api/models")
                                1 -> say("GET / HT")
                                2 -> upgrade("plain").say(RawConnection.text(DRAW))
                                else -> repeat(30) { ask("GET /page.css") }
                            }
                        }
                    }
                }.apply { start() }
            }.forEach { it.join() }
            Page(port).get("/api/models").statusCode() shouldBe 200
            eventually(20.seconds) { server.begun shouldBe 0 }
        }
    }) {
    private companion object {
        const val QUESTION = "/api/models/plain/distribution"
        const val FIELD = "/api/models/plain/receptive-field"
        const val DRAW = """{"seed": "7", "count": 64, "temperature": 1}"""

        fun plain(side: Int): Model {
            val images = ImageSpec(side, side, 1, 256)
            return Model.initial(PixelCnn.builder(images).blocks(1).maps(4).build(), 1)
        }

        /** Says a little now and then, and returns whether the server closes the connection. */
        fun RawConnection.trickle(text: String): Boolean {
            text.chunked(1).forEach {
                try {
                    say(it)
                } catch (_: java.io.IOException) {
                    return true
                }
                if (isClosedWithin(50.milliseconds)) return true
            }
            return false
        }
    }
}
