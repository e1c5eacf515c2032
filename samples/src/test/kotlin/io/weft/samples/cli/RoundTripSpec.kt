package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.file.shouldExist
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.weft.dsl.causalConv
import io.weft.dsl.head
import io.weft.dsl.pixelModel
import io.weft.dsl.sum
import io.weft.json.DefinitionJson
import io.weft.layer.MaskType
import io.weft.spec.ImageSpec
import java.io.File
import javax.imageio.ImageIO

/** Train, score, sample, explain: one model through all commands. */
class RoundTripSpec :
    StringSpec({
        val folder = tempdir()
        val model = File(folder, "model").path
        val tiny =
            arrayOf(
                "--data",
                "embedded",
                "--size",
                "8",
                "--levels",
                "3",
                "--limit",
                "40",
                "--blocks",
                "1",
            ) +
                arrayOf("--maps", "6", "--batch", "10")

        fun file(name: String) = File(folder, name)

        "train saves a model and says how good it is" {
            val ran =
                weft("train", *tiny, "--classes", "10", "--epochs", "2", "--out", model, "--json")
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                val json = ran.json()
                json["steps"].asInt() shouldBe 8
                json["outcome"].asText() shouldBe "COMPLETED"
                json["uniform_bits_per_dim"].asDouble() shouldBe
                    (Math.log(3.0) / Math.log(2.0)).plusOrMinus(1e-9)
                json["validation_images"].asInt() shouldBe 1000
                ran.err shouldContain "per-pixel marginal"
                ran.err shouldNotContain "\u001b"
            }
        }

        "PixelRNN goes through all commands" {
            for (kind in listOf("row-lstm", "diagonal-bilstm")) {
                val saved = file(kind).path
                val trained = weft("train", *tiny, "--model", kind, "--out", saved, "--json")
                withClue(trained) { trained.exitCode shouldBe ExitCode.OK }
                val given = arrayOf("--data", "embedded", "--limit", "5", "--json")
                val scored = weft("score", "--model-dir", saved, *given)
                withClue(scored) { scored.exitCode shouldBe ExitCode.OK }
                val png = arrayOf("--count", "2", "--png", "$saved.png")
                val drawn = weft("sample", "--model-dir", saved, *png, "--json")
                withClue(drawn) { drawn.exitCode shouldBe ExitCode.OK }
            }
        }

        "the Diagonal BiLSTM's own blind spot is explained" {
            val size = arrayOf("--size", "9", "--maps", "4", "--blocks", "2")
            val explained = weft("explain", "--model", "diagonal-bilstm", *size)
            withClue(explained) {
                explained.exitCode shouldBe ExitCode.OK
                explained.out shouldContain "1 value of 1 pixel"
            }
        }

        "what attends is trained, scored and sampled" {
            for (kind in listOf(arrayOf("pixelsnail"), arrayOf("image-gpt", "--heads", "3"))) {
                val folder = file(kind[0]).path
                val trained = weft("train", *tiny, "--model", *kind, "--out", folder, "--json")
                withClue(trained) { trained.exitCode shouldBe ExitCode.OK }
                val png = arrayOf("--count", "2", "--png", "$folder.png")
                val drawn = weft("sample", "--model-dir", folder, *png, "--json")
                withClue(drawn) { drawn.exitCode shouldBe ExitCode.OK }
            }
            val unfit = weft("train", *tiny, "--model", "image-gpt", "--out", "x")
            withClue(unfit) {
                unfit.exitCode shouldNotBe ExitCode.OK
                unfit.err shouldContain "divide into 4 heads, found 6"
                unfit.err shouldContain "--maps"
            }
        }

        "PixelCNN++ goes through all commands" {
            val plusPlus = file("plus-plus").path
            val sizes = arrayOf("--model", "pixelcnnpp", "--components", "2", "--dropout", "0.1")
            val trained = weft("train", *tiny, *sizes, "--out", plusPlus, "--json")
            withClue(trained) { trained.exitCode shouldBe ExitCode.OK }
            val scored =
                weft(
                    "score",
                    "--model-dir",
                    plusPlus,
                    "--data",
                    "embedded",
                    "--limit",
                    "5",
                    "--json",
                )
            withClue(scored) {
                scored.exitCode shouldBe ExitCode.OK
                (scored.json()["bits_per_dim"].asDouble() < 5) shouldBe true
            }
            val png = file("plus-plus.png")
            val drawn =
                weft("sample", "--model-dir", plusPlus, "--count", "2", "--png", png.path, "--json")
            withClue(drawn) { drawn.exitCode shouldBe ExitCode.OK }
            png.shouldExist()
            val explained =
                weft("explain", "--model-dir", plusPlus, "--out", file("explained-pp").path)
            withClue(explained) {
                explained.exitCode shouldBe ExitCode.OK
                explained.out shouldContain "logistic mixture of 2"
                explained.out shouldContain "blind spot      none"
            }
            file("explained-pp").list()!!.toList() shouldContainAll
                listOf("receptive-field.png", "model.mermaid", "mask-first-conv2x3.png")
        }

        "score finds what training said" {
            val trained = weft("train", *tiny, "--classes", "10", "--out", model, "--json").json()
            val csv = file("scores.csv")
            val ran =
                weft(
                    "score",
                    "--model-dir",
                    model,
                    "--data",
                    "embedded",
                    "--per-image",
                    csv.path,
                    "--json",
                )
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                val json = ran.json()
                json.fieldNames().asSequence().toList() shouldBe
                    listOf("bits_per_dim", "nats_per_image", "images")
                val bits = json["bits_per_dim"].asDouble()
                bits shouldBe trained["validation_bits_per_dim"].asDouble().plusOrMinus(1e-4)
                json["nats_per_image"].asDouble() shouldBe
                    (bits * 64 * Math.log(2.0)).plusOrMinus(1e-6)
                csv.readLines()[0] shouldBe "image,label,log_likelihood,bits_per_dim,file"
                val rows = csv.readLines().drop(1).map { it.split(',') }
                rows.size shouldBe json["images"].asInt()
                rows.map { it[3].toDouble() }.average() shouldBe bits.plusOrMinus(1e-5)
                rows.forEach {
                    (-it[2].toDouble() / 64 / Math.log(2.0)) shouldBe
                        it[3].toDouble().plusOrMinus(1e-5)
                }
                rows.map { it[1].toInt() }.toSet() shouldBe (0..9).toSet()
            }
            weft(
                "score",
                "--model-dir",
                model,
                "--data",
                "embedded",
                "--limit",
                "20",
            ).out shouldContain
                "bits per dimension"
        }

        "sample draws the same images live and not, at any batch" {
            val live = file("live.png")
            val still = file("still.png")
            val shown =
                weft("sample", "--model-dir", model, "--count", "7", "--stream", "--png", live.path)
            val json =
                weft(
                    "sample",
                    "--model-dir",
                    model,
                    "--count",
                    "7",
                    "--batch",
                    "3",
                    "--png",
                    still.path,
                    "--json",
                ).json()
            live.readBytes().toList() shouldBe still.readBytes().toList()
            json["labels"].map { it.asInt() } shouldBe listOf(0, 1, 2, 3, 4, 5, 6)
            withClue(shown) {
                shown.exitCode shouldBe ExitCode.OK
                // Four lines for eight rows, then the labels; seven images of eight fit in 80 columns.
                shown.out
                    .lines()[4]
                    .split(' ')
                    .filter { it.isNotEmpty() } shouldBe
                    List(7) { "$it" }
                shown.out shouldNotContain "\u001b"
            }
            // The image, its frame, and the name of its class below it.
            ImageIO.read(live).height shouldBeGreaterThan 4 * (8 + 2 * 2)
        }

        "sample takes one label, or some in turn" {
            fun labels(given: String) =
                weft(
                    "sample",
                    "--model-dir",
                    model,
                    "--count",
                    "4",
                    "--label",
                    given,
                    "--stream",
                    "--json",
                ).json()["labels"]
                    .map { it.asInt() }
            labels("3") shouldBe listOf(3, 3, 3, 3)
            labels("5,8") shouldBe listOf(5, 8, 5, 8)
            val refused = weft("sample", "--model-dir", model, "--label", "10", "--stream")
            refused.exitCode shouldBe ExitCode.USAGE
            refused.err shouldContain "0 to 9"
        }

        "explain shows a saved model and writes pictures and drawings" {
            val to = file("explained")
            val ran = weft("explain", "--model-dir", model, "--out", to.path)
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                ran.out shouldContain "receptive field"
                ran.out shouldContain "blind spot"
                to.list()!!.toList() shouldContainAll
                    listOf("receptive-field.png", "model.dot", "model.mermaid", "summary.txt")
                val kinds = to.list()!!.toList()
                listOf("png", "svg").forAll { kind ->
                    kinds.count { it.startsWith("mask-") && it.endsWith(kind) } shouldBe 5
                }
                File(to, "report.html").readText() shouldContain "<h2 id=\"fields\">"
                File(to, "model.svg").readText() shouldContain "class=\"weft-graph\""
            }
            val steps = weft("explain", "--model-dir", model, "--sampling")
            steps.out shouldContain "FLOPs a pixel"
            steps.out shouldContain "checked: each slot holds what is read from it"
            val program =
                weft("explain", "--model-dir", model, "--sampling", "--json").json()["step_program"]
            program["live_cache_floats"].asLong() shouldBeLessThanOrEqual
                program["cache_floats"].asLong()
            val json = weft("explain", "--model-dir", model, "--json").json()
            json["conditions"].map { it.asText() } shouldBe listOf("class")
            json["blind_spot_pixels"].map { it.asInt() } shouldBe listOf(0)
        }

        "explain gives layers whose names differ by a slash or by capitals a file each" {
            val model =
                pixelModel("names") {
                    val x = image(ImageSpec(4, 4, 1, 2))

                    // What is drawn alike is drawn once.
                    fun conv(
                        name: String,
                        kernel: Int,
                    ) = x.causalConv(maps = 2, kernel, MaskType.A, name = name)
                    val features =
                        listOf(
                            block("a") { conv("b-c", 3) },
                            block("a-b") { conv("c", 5) },
                            conv("A-b-c", 7),
                        )
                    softmax(head(sum(features), maps = 2))
                }
            val definition = file("names.json")
            DefinitionJson.standard().write(model, definition.toPath())
            val to = file("named")
            weft("explain", "--definition", definition.path, "--out", to.path).exitCode shouldBe
                ExitCode.OK
            to.list()!!.toList() shouldContainAll
                listOf("mask-a-b-c.png", "mask-a-b-c-2.png", "mask-A-b-c-3.png")
        }

        "explain shows the blind spot of a plain PixelCNN" {
            val json =
                weft(
                    "explain",
                    "--model",
                    "pixelcnn",
                    "--maps",
                    "4",
                    "--blocks",
                    "4",
                    "--size",
                    "20",
                    "--json",
                ).json()
            (json["blind_spot_pixels"][0].asInt() > 0) shouldBe true
        }

        "an unconditional model refuses labels, and foreign data" {
            val plain = File(folder, "plain").path
            weft(
                "train",
                *tiny,
                "--model",
                "pixelcnn",
                "--steps",
                "1",
                "--out",
                plain,
            ).exitCode shouldBe
                ExitCode.OK
            val labelled = weft("sample", "--model-dir", plain, "--label", "1", "--stream")
            labelled.exitCode shouldBe ExitCode.USAGE
            labelled.err shouldContain "takes no classes"
            val picture = File(folder, "pictures").apply { mkdir() }
            weft(
                "sample",
                "--model-dir",
                plain,
                "--count",
                "1",
                "--png",
                "${picture.path}/a.png",
            ).exitCode shouldBe
                ExitCode.OK
            val scored = weft("score", "--model-dir", plain, "--data", picture.path)
            scored.exitCode shouldBe ExitCode.INPUT
            scored.err shouldContain "8x8"
            val one = "${picture.path}/a.png"
            for (drawing in listOf(
                listOf("sample", "--count", "2000000"),
                listOf("complete", "--count", "5000", "--half", "top", "--image", one, "--fit"),
            )) {
                val asked = listOf("--model-dir", plain, "--png", one, "--scale", "64")
                val ran = weft(*(drawing + asked).toTypedArray())
                withClue(ran) {
                    ran.exitCode shouldBe ExitCode.USAGE
                    ran.err shouldContain "more than 400000000; give a smaller --scale or --count"
                }
            }
        }

        "training that diverges is a failure, and leaves no model" {
            val to = file("diverged")
            val ran =
                weft("train", *tiny, "--rate", "1e30", "--steps", "20", "--out", to.path, "--json")
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.FAILED
                ran.out shouldBe ""
                ran.err shouldContain "not finite"
                // It clips gradients already.
                ran.err shouldContain "Give a lower --rate."
                to.exists() shouldBe false
            }
        }

        "an interrupt stops training, saves what was reached, and says so" {
            val to = file("stopped")
            val ran =
                weft(
                    "train",
                    *tiny,
                    "--epochs",
                    "500",
                    "--out",
                    to.path,
                    "--json",
                    err = Interrupting("train: validation"),
                )
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.INTERRUPTED
                ran.json()["steps"].asInt() shouldBe 4
                ran.json()["outcome"].asText() shouldBe "CANCELLED"
                ran.err shouldContain "stopped at step 4"
                weft(
                    "score",
                    "--model-dir",
                    to.path,
                    "--data",
                    "embedded",
                    "--limit",
                    "9",
                ).exitCode shouldBe
                    ExitCode.OK
            }
        }

        "demo trains, draws ten digits and writes them" {
            val png = file("demo.png")
            val to = file("demo")
            val ran = weft("demo", "--steps", "2", "--png", png.path, "--out", to.path)
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                ran.out shouldContain "uniform"
                ran.out shouldContain "per-pixel marginal"
                ran.out shouldContain png.path
                png.shouldExist()
                weft("explain", "--model-dir", to.path).exitCode shouldBe ExitCode.OK
            }
        }

        "bench prints medians as JSON" {
            val small =
                arrayOf(
                    "--maps",
                    "4",
                    "--blocks",
                    "1",
                    "--size",
                    "8",
                    "--levels",
                    "4",
                    "--rounds",
                    "1",
                )
            val training =
                weft(
                    "bench",
                    "train",
                    *small,
                    "--batch",
                    "2",
                    "--steps",
                    "2",
                    "--classes",
                    "3",
                ).json()
            training["hand_written"].asText() shouldContain "left out"
            training["precisions"][0]["precision"].asText() shouldBe "float32"
            training["precisions"].forEach {
                it["images_per_second"].asDouble() shouldBe
                    (2000 / it["step_ms"].asDouble()).plusOrMinus(1e-6)
                it["run_ms"].asDouble() shouldBeLessThan it["step_ms"].asDouble()
                it["steps_measured"].asInt() shouldBe 2
                it["overhead_percent"] shouldBe null
            }
            val raced = weft("bench", "train", *small, "--steps", "3").json()
            raced["precisions"].forEach {
                it["overhead_percent"].isNumber shouldBe true
                it["hand_written_images_per_second"].asDouble() shouldBe
                    (16_000 / it["hand_written_step_ms"].asDouble()).plusOrMinus(1e-6)
            }
        }
    })
