package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.image.Picture
import java.io.File
import javax.imageio.ImageIO

/** Completing through the command line: pictures, data, masks of all kinds, and what is refused. */
class CompleteSpec :
    StringSpec({
        val folder = tempdir()
        val model = File(folder, "model").path
        val png = File(folder, "torn.png")
        val sheet = File(folder, "sheet.png")

        fun complete(vararg more: String) = weft("complete", "--model-dir", model, *more)

        fun write(
            name: String,
            height: Int,
            width: Int,
            values: Picture.Values,
        ): String =
            File(folder, name)
                .also {
                    Picture.of(height, width, 1, values).writePng(it.toPath())
                }.path

        beforeSpec {
            write("torn.png", 8, 8) { row, column, _ -> if ((row + column) % 2 == 0) 255 else 100 }
            weft(
                *("train --data embedded --size 8 --levels 3 --limit 40 --blocks 1 --maps 6")
                    .split(' ')
                    .toTypedArray(),
                "--classes",
                "10",
                "--steps",
                "2",
                "--out",
                model,
            ).exitCode shouldBe ExitCode.OK
        }

        "a picture is completed on a sheet, its known pixels as they were" {
            val ran =
                complete(
                    *"--image ${png.path} --hole 2,3,4,2 --count 5 --scale 1 --json"
                        .split(' ')
                        .toTypedArray(),
                    "--png",
                    sheet.path,
                )
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                val json = ran.json()
                json["completions"].asInt() shouldBe 5
                json["missing_pixels"].asInt() shouldBe 8
                json["known_pixels_after_missing"].asInt() shouldBe 30
                json["labels"].map { it.asInt() } shouldBe listOf(0, 1, 2, 3, 4)
                ran.err shouldContain "8 of 64 pixels are missing; 30 known ones come after"
                val image = ImageIO.read(sheet)
                image.width shouldBe 7 * 8 + 8 * 2
                image.height shouldBe 8 + 11 + 2 * 2
                for (row in 0 until 8) {
                    for (column in 0 until 8) {
                        val original = image.getRGB(2 + column, 2 + row)
                        val isMissing = row in 3..4 && column in 2..5
                        val others = (1..6).map { image.getRGB(2 + 10 * it + column, 2 + row) }
                        if (isMissing) {
                            (others[0] and 0xFF) shouldBe 150
                        } else {
                            others.toSet() shouldBe setOf(original)
                        }
                    }
                }
            }
        }

        "live or not, the same; a mask picture says the same as a hole" {
            val mask =
                write("mask.png", 8, 8) { row, column, _ ->
                    if (row in 3..4 && column in 2..5) 255 else 0
                }
            val before = sheet.readBytes().toList()
            val live = File(folder, "live.png")
            val ran =
                complete(
                    *"--image ${png.path} --mask $mask --count 5 --scale 1 --stream"
                        .split(' ')
                        .toTypedArray(),
                    "--png",
                    live.path,
                )
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                live.readBytes().toList() shouldBe before
                // Four lines for eight rows, after the line on context; then the labels.
                ran.out
                    .lines()[5]
                    .split(' ')
                    .filter { it.isNotEmpty() } shouldBe
                    List(5) { "$it" }
            }
        }

        "images of data, each a row, under their own labels" {
            val ran =
                complete(
                    *"--data embedded --index 3,17 --half bottom --count 2 --scale 1 --score --json"
                        .split(' ')
                        .toTypedArray(),
                    "--png",
                    sheet.path,
                )
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                val labels = ran.json()["labels"].map { it.asInt() }
                labels.size shouldBe 4
                val logs = ran.json()["missing_log_likelihood"].map { it.asDouble() }
                logs.size shouldBe 2
                logs.forEach { (it < 0) shouldBe true }
                ran.err shouldContain "image 1: its own missing part has log-likelihood -"
                labels[0] shouldBe labels[1]
                labels[2] shouldBe labels[3]
                ran.json()["known_pixels_after_missing"].asInt() shouldBe 0
                ran.err shouldContain "every known one is context for all of them"
                ImageIO.read(sheet).height shouldBe 2 * (8 + 11) + 3 * 2
                ImageIO.read(sheet).width shouldBe 4 * 8 + 5 * 2
            }
        }

        "the order that is asked for says what is context" {
            val top = "--data embedded --index 3 --half top --count 1 --stream --json".split(' ')
            val orders = arrayOf("complete", "--model-dir", "builtin:mnist-orders")
            listOf(
                arrayOf("--order", "raster") to 392,
                arrayOf("--order", "raster+flip-rows") to 0,
                arrayOf<String>() to 0,
            ).forEach { (order, late) ->
                val ran = weft(*orders, *top.toTypedArray(), *order)
                withClue(ran) {
                    ran.exitCode shouldBe ExitCode.OK
                    ran.json()["known_pixels_after_missing"].asInt() shouldBe late
                }
            }
        }

        "what does not fit is refused in words, or fitted" {
            val large = write("large.png", 20, 30) { row, column, _ -> row + column }
            val half = arrayOf("--half", "left", "--count", "1", "--stream")

            fun refused(
                code: Int,
                words: String,
                vararg more: String,
            ) = complete(*more).let { ran ->
                withClue(ran) {
                    ran.exitCode shouldBe code
                    ran.err shouldContain words
                    ran.out shouldBe ""
                }
            }
            refused(ExitCode.INPUT, "20 rows and 30 columns", "--image", large, *half)
            complete("--image", large, "--fit", *half).exitCode shouldBe ExitCode.OK
            refused(ExitCode.INPUT, "no.png", "--image", "$folder/no.png", *half)
            refused(
                ExitCode.INPUT,
                "no picture",
                "--image",
                "$model/definition.json",
                *half,
            )
            refused(ExitCode.USAGE, "--index=9999", "--data", "embedded", "--index", "9999", *half)
            val image = arrayOf("--image", png.path, "--stream")
            refused(ExitCode.USAGE, "four numbers", *image, "--hole", "1,2,3")
            refused(ExitCode.USAGE, "four numbers", *image, "--hole", "1,2,3,x")
            refused(ExitCode.USAGE, "reaches beyond", *image, "--hole", "6,2,3,2")
            refused(ExitCode.USAGE, "no pixel is known", *image, "--hole", "0,0,8,8")
            refused(ExitCode.INPUT, "20 rows", *image, "--mask", large)
            val black = write("black.png", 8, 8) { _, _, _ -> 127 }
            refused(ExitCode.INPUT, "nothing to complete", *image, "--mask", black)
            refused(
                ExitCode.INPUT,
                "come after a missing one in the order of drawing",
                *arrayOf("--json", "--score"),
                *image,
                "--half",
                "top",
            )
            refused(ExitCode.USAGE, "0 to 9", *image, "--half", "top", "--label", "10")
            refused(ExitCode.USAGE, "automatic, jvm", *image, "--half", "top", "--executor", "x")
        }
    })
