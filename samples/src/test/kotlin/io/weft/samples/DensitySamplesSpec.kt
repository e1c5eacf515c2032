package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.data.EmbeddedDigits
import javax.imageio.ImageIO

/** The samples of what a density is for: anomalies and classes. */
class DensitySamplesSpec :
    StringSpec({
        "a detector prints an area for each score and task, and draws where it is strange" {
            val picture = tempdir().toPath().resolve("anomalies.png")
            val said = mutableListOf<String>()
            DetectAnomalies.detect(200, 20, 20, picture, said::add)
            val areas = Regex("0\\.\\d{3}|1\\.000")
            val table = said.filter { areas.findAll(it).count() == 5 }
            table shouldHaveSize 7
            // Whatever has been learned, nothing is as likely as a blank image.
            areas.find(table.single { it.startsWith("blank") })!!.value.toDouble() shouldBe 0.0
            said.first() shouldContain "images are anomalous by"
            ImageIO.read(picture.toFile()).width shouldBe 10 * (48 + 2) + 2
        }

        "classes of images are told from each other by detectors of each" {
            val digits =
                EmbeddedDigits
                    .count(1_600)
                    .size(8)
                    .levels(2)
                    .seed(1)
                    .grey()
            val few = digits.select(*(0 until 1_600).filter { digits.label(it) < 2 }.toIntArray())
            val two = few.labelled(IntArray(few.size(), few::label), listOf("nought", "one"))
            val said = mutableListOf<String>()
            val mean = DetectClasses.detect(two, 60, said::add)
            said.map { it.substringBefore(' ') } shouldBe listOf("good", "nought", "one", "mean")
            mean.toList() shouldHaveSize 5
            // What has learned noughts alone finds a one strange.
            mean.max() shouldBeGreaterThan 0.8
        }

        "a model of digits classifies them, beside plain classifiers" {
            val train =
                EmbeddedDigits
                    .count(600)
                    .size(8)
                    .levels(2)
                    .seed(1)
                    .grey()
            val test =
                EmbeddedDigits
                    .count(60)
                    .size(8)
                    .levels(2)
                    .seed(2)
                    .grey()
            val said = mutableListOf<String>()
            val confusion = ClassifyDigits.classify(train, test, 60, said::add)
            confusion.images() shouldBe 60
            // A guess is right one time in ten.
            confusion.accuracy() shouldBeGreaterThan 0.3
            PlainClassifiers.nearestMean(train, test) shouldBeGreaterThan 0.3
            PlainClassifiers.logisticRegression(train, test) shouldBeGreaterThan 0.3
            said.last() shouldContain "logistic regression: "
        }

        "what a model that comes with Weft draws is read by a classifier trained apart" {
            fun digits(
                count: Int,
                seed: Long,
            ) = EmbeddedDigits
                .count(count)
                .size(16)
                .levels(4)
                .seed(seed)
                .grey()
            val said = mutableListOf<String>()
            Model.builtin("digits").use {
                val read = JudgeDigits.judge(it, digits(2_000, 8), digits(300, 9), 3, said::add)
                read shouldBeGreaterThan 80
            }
            val share = Regex("right on ([0-9.]+) %").find(said.single())!!.groupValues[1]
            share.toDouble() shouldBeGreaterThan 85.0
        }
    })
