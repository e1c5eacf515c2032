package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.file.shouldExist
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.File

/** Generation orders through all commands. */
class OrdersSpec :
    StringSpec({
        val folder = tempdir()
        val model = File(folder, "model").path
        val size = arrayOf("--blocks", "1", "--maps", "4")

        "train, score, sample and explain know the orders" {
            val trained =
                weft(
                    *arrayOf("train", "--model", "locally-masked", "--data", "embedded"),
                    *arrayOf("--size", "8", "--levels", "2", "--limit", "40", "--batch", "10"),
                    *arrayOf("--order", "s-curve", "--orders", "8", "--out", model, *size),
                )
            withClue(trained) { trained.exitCode shouldBe ExitCode.OK }
            val data = arrayOf("--data", "embedded", "--limit", "20", "--json")

            fun score(vararg more: String) =
                weft("score", "--model-dir", model, *data, *more).let {
                    withClue(it) { it.exitCode shouldBe ExitCode.OK }
                    it.json()
                }
            val ensemble = score("--orders", "8")
            val each = ensemble["nats_per_image_under_each"].map { it.asDouble() }
            each.size shouldBe 8
            ensemble["orders"].map { it.asText() } shouldContain "s-curve+transpose+flip-rows"
            ensemble["nats_per_image"].asDouble() shouldBeLessThan each.average() + 1e-6
            score()["nats_per_image"].asDouble() shouldBe each[0].plusOrMinus(1e-3)
            val turned = score("--order", "s-curve+rotate180")
            turned["nats_per_image"].asDouble() shouldBe each[3].plusOrMinus(1e-3)

            val sheet = File(folder, "sheet.png")
            val drawn =
                weft(
                    *arrayOf("sample", "--model-dir", model, "--count", "3"),
                    *arrayOf("--order", "hilbert", "--png", sheet.path),
                )
            withClue(drawn) { drawn.exitCode shouldBe ExitCode.OK }
            sheet.shouldExist()

            val explained = File(folder, "explained")
            val ran = weft("explain", "--model-dir", model, "--out", explained.path)
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            ran.out shouldContain "s-curve+transpose of 8x8"
            for (i in 1..8) File(explained, "order-$i.png").shouldExist()
        }

        "what is no order is refused" {
            val explain = arrayOf("explain", "--model", "locally-masked", "--size", "8", *size)
            for ((options, message) in listOf(
                listOf("--order", "snake") to "there is no order \"snake\"",
                listOf("--orders", "5") to "expected 1, 8, or names of orders",
                listOf("--orders", "raster,whirl") to "there is no order \"whirl\"",
            )) {
                val ran = weft(*explain, *options.toTypedArray())
                withClue(ran) {
                    ran.exitCode shouldBe ExitCode.USAGE
                    ran.err shouldContain message
                }
            }
            val gated = weft("explain", "--size", "8", "--order", "hilbert", *size)
            withClue(gated) {
                gated.exitCode shouldBe ExitCode.USAGE
                gated.err shouldContain
                    "Give --model=pixelcnn, --model=locally-masked or --model=image-gpt"
            }
        }
    })
