package io.weft.samples.serve

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.samples.digitModel
import kotlin.io.path.div
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * A server that is asked for some time, by pages that stay and pages that go away in the middle: the
 * answers stay the same, and its memory, files and threads stay flat. `-Dsoak.seconds=600` makes it
 * ten minutes.
 */
class ServingSoakSpec :
    StringSpec({
        val folder = tempdir()
        val place = folder.toPath()
        Model.initial(digitModel(), 1).use { it.save(place / "digits") }
        untrainedDetector().use { it.save(place / "good") }

        // Kotest ends tests after ten minutes where nothing is said.
        "nothing grows in a server".config(
            enabled = ServingProcess.isMeasurable,
            timeout = LENGTH + 10.minutes,
        ) {
            val options = arrayOf("--model-dir=digits", "--detector=good")
            ServingProcess.start(folder, *options).use { server ->
                val page = Page(server.port)
                val first = round(page)
                repeat(WARM_UP) { round(page) }
                val megabytes = mutableListOf<Int>()
                val files = mutableListOf<Int>()
                val threads = mutableListOf<Int>()
                val began = TimeSource.Monotonic.markNow()
                while (began.elapsedNow() < LENGTH || megabytes.size < FEWEST) {
                    round(page) shouldBe first
                    megabytes += server.megabytes
                    files += server.files
                    threads += server.threads
                }
                println("${megabytes.size} rounds of serving in ${began.elapsedNow()}")
                assertFlat("MB of memory", megabytes, MOST_GROWTH)
                assertFlat("open files", files, MOST_OTHERS)
                assertFlat("threads", threads, MOST_OTHERS)
            }
        }
    }) {
    private companion object {
        /** As core's soak has it; in the profile `nightly` half an hour. */
        val LENGTH =
            Integer
                .getInteger(
                    "soak.seconds",
                    if (System.getProperty("weft.slow").toBoolean()) 1800 else 2,
                ).seconds

        /** Buffers, classes and compiled code settle meanwhile. */
        const val WARM_UP = 3
        const val FEWEST = 8
        const val MOST_GROWTH = 16

        /** Pools keep some more or fewer; what leaks one in a round is beyond this soon. */
        const val MOST_OTHERS = 16

        const val PIXELS = 512
        const val DRAW = """{"seed": "7", "count": 2, "temperature": 1, "labels": {"digit": [3]}}"""
        val LEVELS = List(256) { if (it in 100..120) 3 else 0 }

        /** All kinds of questions, and drawings to the end and not; returns what was answered. */
        fun round(page: Page): List<String> {
            val left =
                List(2) { page.stream("digits").say(DRAW) }
                    .onEach { it.begun().ask(100).pixels(100) }
            left[0].leave()
            left[1].abort()
            val pixels = page.stream("digits").say(DRAW).begun().ask(PIXELS).pixels(PIXELS)
            val answers =
                listOf("/", "/page.css", "/api/models", "/nowhere").map { page.get(it) } +
                    page.post("/api/models/digits/order", "{}") +
                    page.post("/api/models/digits/receptive-field", """{"row": 3, "column": 2}""") +
                    page.post(
                        "/api/models/digits/compress",
                        """{"images": [$LEVELS], "labels": {"digit": [4]}}""",
                    ) +
                    page.post("/api/models/digits/compress", """{"images": []}""")
            val found = page.post("/api/models/good/check", """{"values": $LEVELS}""")
            found.statusCode() shouldBe 200
            return answers.map { "${it.statusCode()} ${it.body()}" } + "$pixels"
        }

        /** Waits until a drawing has its turn, which those that were left may still have. */
        fun Socket.begun(): Socket =
            apply {
                while (!next().has("started")) continue
            }

        /** Compares the least of the second quarter with that of the last. */
        fun assertFlat(
            what: String,
            numbers: List<Int>,
            most: Int,
        ) {
            val quarter = numbers.size / 4
            val second = numbers.subList(quarter, 2 * quarter).min()
            val last = numbers.takeLast(quarter).min()
            println("$what: $second in the second quarter, $last in the last")
            withClue("$second $what, then $last: $numbers") { last - second shouldBeLessThan most }
        }
    }
}
