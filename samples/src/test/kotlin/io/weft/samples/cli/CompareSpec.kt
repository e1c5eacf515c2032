package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import javax.imageio.ImageIO
import kotlin.io.path.readLines
import kotlin.math.exp
import kotlin.math.ln

/** Several models, the same images. */
class CompareSpec :
    StringSpec({
        val folder = tempdir().toPath()

        fun done(vararg arguments: String): Ran {
            val ran = weft(*arguments)
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            return ran
        }

        fun trained(
            name: String,
            vararg more: String,
        ): String {
            val tiny =
                "--data embedded --size 8 --levels 2 --limit 40 --maps 6 --blocks 1".split(
                    ' ',
                )
            val out = "${folder.resolve(name)}"
            done("train", *tiny.toTypedArray(), *more, "--out", out)
            return out
        }
        val short = trained("short", "--steps", "1")
        val long = trained("long", "--steps", "40", "--classes", "10")
        val data = arrayOf("--data", "embedded", "--limit", "30")

        fun nats(model: String) =
            done("score", "--model-dir", model, *data, "--json").json()["nats_per_image"].asDouble()

        "the better one is named, with what the other costs more, and what both do" {
            val png = folder.resolve("costs.png")
            val csv = folder.resolve("figures/costs.csv")
            val both = arrayOf("compare", "--model-dir", short, "--model-dir", long, *data)
            val found =
                done(*both, "--png", "$png", "--per-image", "$csv", "--json").json()
            found["best"].asText() shouldBe long
            val (first, second) = found["models"].map { it["nats_per_image"].asDouble() }
            first shouldBe (nats(short) plusOrMinus 1e-9)
            second shouldBe (nats(long) plusOrMinus 1e-9)
            val above = found["models"][0]["nats_above_best"].asDouble()
            above shouldBe (first - second plusOrMinus 1e-9)
            found["models"][0]["standard_error"].asDouble() shouldBeGreaterThan 0.0
            found["nats_per_image"].asDouble() shouldBeLessThan second + ln(2.0)
            ImageIO.read(png.toFile()).width shouldBe 1800
            val row = csv.readLines()[1].split(',')
            val (one, other, together) = row.subList(2, 5).map { it.toDouble() }
            together shouldBe (ln((exp(one) + exp(other)) / 2) plusOrMinus 1e-3)
            val words = done(*both).out
            words shouldContain "$long: the best alone"
            words shouldContain "all together"
        }

        "what does not compare is refused" {
            val alone = weft("compare", "--model-dir", short, *data)
            alone.exitCode shouldBe ExitCode.USAGE
            alone.err shouldContain "give it twice or more"
            val unlike =
                weft("compare", "--model-dir", short, "--model-dir", "builtin:digits", *data)
            unlike.exitCode shouldBe ExitCode.INPUT
            unlike.err shouldContain "--model-dir=builtin:digits is for images of 16x16"
            val unlabelled = folder.resolve("images").toFile().apply { mkdirs() }
            done("sample", "--model-dir", short, "--count", "3", "--png-dir", "$unlabelled")
            val classless =
                weft("compare", "--model-dir", short, "--model-dir", long, "--data", "$unlabelled")
            withClue(classless) { classless.exitCode shouldBe ExitCode.INPUT }
            classless.err shouldContain "leave that model out"
        }
    })
