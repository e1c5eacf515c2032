package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.image.Picture
import io.weft.model.GatedPixelCnn
import io.weft.optimise.Adam
import io.weft.train.TrainingOptions
import java.io.File
import javax.imageio.ImageIO

/** `weft classify`, and the unlikeliest images of `weft score`. */
class ClassifySpec :
    StringSpec({
        val folder = tempdir()
        val digits =
            EmbeddedDigits
                .count(400)
                .size(8)
                .levels(2)
                .grey()
        val noughtsAndOnes =
            digits.select(*(0 until 400).filter { digits.label(it) < 2 }.toIntArray())
        val names = listOf("nought", "one")
        val modelDir = File(folder, "model").path

        Model
            .initial(
                GatedPixelCnn
                    .builder(digits.spec())
                    .blocks(1)
                    .maps(8)
                    .classCondition("class", names)
                    .build(),
                1,
            ).use { model ->
                val labels = IntArray(80) { noughtsAndOnes.label(it) }
                model.train(
                    Examples.labelled(noughtsAndOnes.labelled(labels, names), "class"),
                    TrainingOptions
                        .seed(1)
                        .steps(60)
                        .optimiser(Adam.withRate(1e-2))
                        .build(),
                )
                model.save(File(modelDir).toPath())
            }

        /** Pictures in folders, the last of which lies in the wrong one. */
        val mislabelled =
            File(folder, "mislabelled").apply {
                for (i in 0 until 20) {
                    val own = noughtsAndOnes.label(i)
                    val name = names[if (i == 19) 1 - own else own]
                    val file = File(this, "$name/$i.png")
                    file.parentFile.mkdirs()
                    Picture.of(noughtsAndOnes, i).writePng(file.toPath())
                }
            }

        fun classify(vararg more: String) = weft("classify", "--model-dir", modelDir, *more)

        "classes are found, and what is mislabelled comes first" {
            val csv = File(folder, "each.csv")
            val sheet = File(folder, "suspects.png")
            val ran =
                classify(
                    *arrayOf("--data", mislabelled.path, "--per-image", csv.path),
                    *arrayOf("--sheet", sheet.path, "--json"),
                )
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                val json = ran.json()
                json["labelled"].asInt() shouldBe 20
                json["accuracy"].asDouble() shouldBeGreaterThan 0.8
                val counts = json["confusion"].flatMap { row -> row.map { it.asInt() } }
                counts.sum() shouldBe 20
                json["accuracy"].asDouble() shouldBe
                    ((counts[0] + counts[3]) / 20.0).plusOrMinus(1e-12)
                ran.err shouldContain "accuracy: "
            }
            val rows = csv.readLines().map { it.split(',') }
            rows[0] shouldBe
                listOf("image", "label", "class", "probability", "own_probability") +
                listOf("probability:nought", "probability:one", "file")
            rows.drop(1).forEach { row ->
                row[5].toDouble() + row[6].toDouble() shouldBe 1.0.plusOrMinus(1e-4)
                row[3].toDouble() shouldBe row.slice(5..6).maxOf { it.toDouble() }.plusOrMinus(1e-5)
                row[2] shouldBe names[if (row[5].toDouble() >= row[6].toDouble()) 0 else 1]
            }
            rows.drop(1).minBy { it[4].toDouble() }[7].substringAfter('/') shouldBe "19.png"
            (ImageIO.read(sheet).width >= 10 * (56 + 2) + 2) shouldBe true
        }

        "priors decide where they are certain" {
            val ran = classify("--data", mislabelled.path, "--priors", "0,1", "--json")
            ran.json()["found"].map { it.asInt() } shouldBe listOf(0, 20)
            classify("--data", mislabelled.path, "--priors", "0.5,0.2").let {
                it.exitCode shouldBe ExitCode.USAGE
                it.err shouldContain "--priors: priors add up to 0.7; expected 1"
            }
        }

        "images without labels are classified all the same" {
            val alone = File(mislabelled, "one").path
            val ran = classify("--data", alone, "--json")
            ran.json()["accuracy"].isNull shouldBe true
            ran.err shouldContain ".png: one ("
            classify("--data", alone, "--sheet", File(folder, "no.png").path).let {
                it.exitCode shouldBe ExitCode.INPUT
                it.err shouldContain "none of the images has a label that the model knows"
            }
        }

        "the unlikeliest images come first" {
            val csv = File(folder, "sorted.csv")
            val sheet = File(folder, "unlikeliest.png")
            val ran =
                weft(
                    *arrayOf("score", "--model-dir", modelDir, "--data", mislabelled.path),
                    *arrayOf("--per-image", csv.path, "--sort", "--sheet", sheet.path),
                )
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            val logs = csv.readLines().drop(1).map { it.split(',')[2].toDouble() }
            logs shouldBe logs.sorted()
            sheet.exists() shouldBe true
        }

        "a model without classes is refused" {
            val plain = File(folder, "plain").path
            Model
                .initial(
                    GatedPixelCnn
                        .builder(digits.spec())
                        .blocks(1)
                        .maps(4)
                        .build(),
                    1,
                ).use { it.save(File(plain).toPath()) }
            val ran = weft("classify", "--model-dir", plain, "--data", mislabelled.path)
            ran.exitCode shouldBe ExitCode.INPUT
            ran.err shouldContain "is no model of classes; train one with --classes"
        }
    })
