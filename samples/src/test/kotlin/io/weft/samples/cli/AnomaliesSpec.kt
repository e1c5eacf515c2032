package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.data.EmbeddedDigits
import io.weft.data.ImageSet
import io.weft.image.Picture
import java.io.File

/** `weft anomalies`, from folders of pictures to a page. */
class AnomaliesSpec :
    StringSpec({
        val folder = tempdir()
        val digits =
            EmbeddedDigits
                .count(240)
                .size(8)
                .levels(2)
                .grey()

        fun write(
            images: ImageSet,
            place: String,
        ) = repeat(images.size()) {
            val file = File(folder, "$place/$it.png")
            file.parentFile.mkdirs()
            Picture.of(images, it).writePng(file.toPath())
        }

        fun inverted(images: ImageSet): ImageSet {
            val all = (0 until images.size()).flatMap { i -> images.image(i).map { 1 - it } }
            return ImageSet.of(images.spec(), all.toIntArray())
        }

        write(digits.take(200), "good")
        write(digits.slice(200, 220), "check/good")
        write(inverted(digits.slice(220, 230)), "check/inverted")
        write(inverted(digits.slice(230, 232)), "check/scratched")
        val good = File(folder, "good").path
        val check = File(folder, "check").path
        val small = arrayOf("--levels", "2", "--blocks", "1", "--maps", "6", "--steps", "40")
        val detector = File(folder, "detector").path

        "a detector is fit, tells anomalies, reports and is saved" {
            val report = File(folder, "report.html")
            val csv = File(folder, "found.csv")
            val ran =
                weft(
                    *arrayOf("anomalies", "--good", good, "--check", check, *small),
                    *arrayOf("--rate", "1e-2", "--report", report.path, "--per-image", csv.path),
                    *arrayOf("--out", detector, "--json"),
                )
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                val json = ran.json()
                json["images"].asInt() shouldBe 32
                json["held_out"].asInt() shouldBe 20
                json["auroc"]["inverted"].asDouble() shouldBeGreaterThan 0.95
                json["auroc"].fieldNames().asSequence().toList() shouldBe
                    listOf("inverted", "scratched", "all anomalies")
                json["choice"][json["score"].asText()].asDouble() shouldBe
                    json["choice"].maxOf { it.asDouble() }
                ran.err shouldContain "anomalous by"
            }
            val rows = csv.readLines().map { it.split(',') }
            rows[0] shouldBe listOf("image", "label", "score", "p_value", "anomalous", "file")
            val scores = rows.drop(1).map { it[2].toDouble() }
            scores shouldBe scores.sortedDescending()
            rows.drop(1).take(10).count { it[1] == "good" } shouldBe 0
            rows.drop(1).forEach { (it[3].toDouble() <= 0.05) shouldBe it[4].toBoolean() }
            report.readText() shouldContain "inverted/0.png"

            val again =
                weft("anomalies", "--detector", detector, "--check", "$check/good", "--json")
            again.json()["auroc"].isNull shouldBe true
            again.json()["threshold"] shouldBe ran.json()["threshold"]
            again.json()["anomalous"].asInt().toDouble() shouldBeLessThan 8.0
        }

        "what does not go together is refused" {
            fun refused(
                code: Int,
                words: String,
                vararg arguments: String,
            ) = weft("anomalies", *arguments).let {
                withClue(it) {
                    it.exitCode shouldBe code
                    it.err shouldContain words
                }
            }
            refused(ExitCode.USAGE, "--good", "--check", check)
            refused(
                ExitCode.USAGE,
                "--maps=3 is for --good",
                *arrayOf("--detector", detector, "--check", check, "--maps", "3"),
            )
            refused(
                ExitCode.USAGE,
                "--levels=4 is for --good",
                *arrayOf("--detector", detector, "--check", check, "--levels", "4"),
            )
            refused(
                ExitCode.INPUT,
                "weft anomalies: --good=none does not exist",
                *arrayOf("--good", "none", "--check", check),
            )
            refused(
                ExitCode.USAGE,
                "--colours is for pictures; --good=embedded needs none",
                *arrayOf("--good", "embedded", "--check", check, "--colours", "grey"),
            )
            refused(
                ExitCode.USAGE,
                "expected one of likelihood, likelihood-ratio",
                *arrayOf("--good", good, "--check", check, "--score", "best"),
            )
            refused(
                ExitCode.INPUT,
                "takes 99 held-out good images or more",
                *arrayOf("--good", good, "--check", check, *small, "--false-alarms", "0.01"),
            )
            refused(ExitCode.INPUT, "does not exist", "--detector", "none", "--check", check)
            refused(
                ExitCode.INPUT,
                "anomaly-detector.json",
                *arrayOf("--detector", good, "--check", check),
            )
        }
    })
