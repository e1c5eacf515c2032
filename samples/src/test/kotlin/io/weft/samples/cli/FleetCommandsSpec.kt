package io.weft.samples.cli

import com.fasterxml.jackson.databind.node.ObjectNode
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.weft.samples.Repository.ROOT
import java.io.File
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.isRegularFile
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.io.path.readText

/** What the workers of a cluster do for the command line is what this machine does. */
class FleetCommandsSpec :
    StringSpec({
        val folder = tempdir()
        val place = folder.toPath()
        var said = Ran(0, "", "")

        beforeSpec {
            val words =
                OwnProcess.words(
                    JAVA,
                    folder.path,
                    classPath = "$SPARK${File.pathSeparator}${System.getProperty(
                        "java.class.path",
                    )}",
                    program = FleetCommands::class.java.name,
                )
            said = OwnProcess.run(words, folder)
        }

        "neither Spark nor its loggers say anything beside" {
            withClue(said) { said.exitCode shouldBe 0 }
            said.err.lines().filter { "Spark" in it || "SLF4J" in it } shouldBe listOf()
        }

        for (name in FleetCommands.COMMANDS.keys) {
            "$name gives the same files and figures" {
                val (here, there) = listOf("here", "there").map { kept(place / it, name) }
                withClue(said) {
                    withClue(there) {
                        here.exitCode shouldBe 0
                        there.exitCode shouldBe 0
                    }
                }
                lasting(there) shouldBe lasting(here)
                words(there) shouldBe words(here)
                val files = files(place / "here" / "$name-result")
                files.keys.shouldNotBeEmpty()
                files(place / "there" / "$name-result") shouldBe files
            }
        }

        "Ctrl-C stops training, saves what was reached, and says so" {
            val stopped = kept(place, "stopped")
            withClue(stopped) {
                stopped.exitCode shouldBe ExitCode.INTERRUPTED
                stopped.json()["steps"].asInt() shouldBe 4
                stopped.json()["outcome"].asText() shouldBe "CANCELLED"
                stopped.err shouldContain "stopped at step 4"
            }
        }

        "a bench says what a step costs beside computing" {
            val bench = kept(place, "bench")
            withClue(bench) {
                bench.exitCode shouldBe 0
                val json = bench.json()
                val parts = listOf("computing_ms", "overhead_ms").map { json[it].asDouble() }
                parts.forAll { it shouldBeGreaterThan 0.0 }
                json["step_ms"].asDouble() shouldBe parts.sum().plusOrMinus(1e-3)
                json["cores"].asInt() shouldBe 2
                json["pays_from_batch"].asInt() shouldBeGreaterThan 0
                json["micro_batch"].asInt() shouldBe 2
                json["here_step_ms"].asDouble() shouldBeGreaterThan 0.0
            }
        }

        fun refused(
            said: String,
            vararg words: String,
        ) {
            val ran = weft(*words)
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.USAGE
                ran.err shouldContain said
                ran.err shouldNotContain "Exception"
            }
        }
        val model = arrayOf("--model-dir", "builtin:digits")
        val score = arrayOf("score", *model, "--data", "embedded")
        val train = arrayOf("train", "--data", "embedded", "--out", "nowhere")

        "what is no master is refused" {
            val words =
                listOf("host:7077", "spark://host", "local[0]", "local[]", "", "mesos://a:1")
            for (word in words) {
                refused("expected spark://HOST:PORT", *score, "--spark", word)
            }
        }

        "options without a meaning on a cluster are named" {
            val here = arrayOf("--spark", "local[2]")
            refused("--threads does not go with --spark=local[2]", *score, *here, "--threads", "2")
            refused("--stream does not go with", "sample", *model, "--stream", "--spark=yarn")
            refused("give --micro-batch=N", *train, "--spark=spark://a:1,b:2")
            refused("give --micro-batch=N", "bench", "train", *here)
        }
    }) {
    private companion object {
        /** Over loopback, as a test has to; logs as the launcher has them. */
        val JAVA =
            listOf(
                "-Xmx512m",
                "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider",
                "-Dslf4j.internal.verbosity=WARN",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.ui.enabled=false",
            )

        /** Spark's jars, as the module that compiles against them has them. */
        val SPARK: String by lazy {
            (ROOT / "samples/spark/target/spark-class-path.txt").readText()
        }

        fun kept(
            folder: Path,
            name: String,
        ): Ran {
            val (code, out, err) = listOf("code", "out", "err").map { folder / "$name.$it" }
            if (!code.exists()) return Ran(-1, "", "$name was not run")
            return Ran(code.readText().toInt(), out.readText(), err.readText())
        }

        /** The figures without the times. */
        fun lasting(ran: Ran) =
            (ran.json() as ObjectNode).without<ObjectNode>(listOf("seconds", "images_per_second"))

        /** The words without those on times. */
        fun words(ran: Ran) = ran.err.lines().filterNot { "a second" in it || "images/s" in it }

        /** What lies in a folder, or one file, by name; without what says how long training took. */
        fun files(at: Path): Map<String, List<Byte>> =
            at
                .toFile()
                .walk()
                .map { it.toPath() }
                .filter { it.isRegularFile() && it.name != "model.json" }
                .associate { "${at.relativize(it)}" to it.readBytes().toList() }
    }
}
