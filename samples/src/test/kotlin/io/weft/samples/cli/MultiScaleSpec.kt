package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.pyramid.MultiScaleModel
import java.io.File
import javax.imageio.ImageIO

/** A small image, then the large one, on the command line. */
class MultiScaleSpec :
    StringSpec({
        val folder = tempdir()

        fun path(name: String) = File(folder, name).path

        fun words(line: String) = line.split(' ').filter { it.isNotEmpty() }.toTypedArray()

        val tiny =
            words(
                "--model multi-scale --subsample 2 --data embedded --size 8 --levels 3 --blocks 1" +
                    " --maps 8 --limit 40 --batch 10 --rate 5e-3",
            )

        fun train(
            name: String,
            options: String,
        ) = weft("train", *tiny, *words(options), "--out", path(name), "--json")

        "trains, scores, samples and completes" {
            val trained = train("pyramid", "--steps 40 --classes 10 --optimiser rmsprop")
            withClue(trained) {
                trained.exitCode shouldBe ExitCode.OK
                val json = trained.json()
                json["model"].asText() shouldBe "multi-scale"
                json["small_steps"].asInt() shouldBe 40
                json["large_steps"].asInt() shouldBe 40
                json["validation_bits_per_dim"].asDouble() shouldBeLessThan
                    json["uniform_bits_per_dim"].asDouble()
                json["validation_bits_per_dim"].asDouble() shouldBeLessThan
                    json["validation_bound_bits_per_dim"].asDouble()
                trained.err shouldContain "exact"
            }

            val model = arrayOf("--model-dir", path("pyramid"))
            val scored = weft("score", *model, *words("--data embedded --limit 20 --json"))
            withClue(scored) {
                scored.exitCode shouldBe ExitCode.OK
                scored.json()["bits_per_dim"].asDouble() shouldBeLessThan
                    scored.json()["bound_bits_per_dim"].asDouble()
            }

            for (name in listOf("slim", "slim.zip")) {
                val exported = weft("export", *model, "--out", path(name))
                withClue(exported) { exported.exitCode shouldBe ExitCode.OK }
                val slim = arrayOf("--model-dir", path(name))
                val again = weft("score", *slim, *words("--data embedded --limit 20 --json"))
                withClue(again) {
                    again.json()["bits_per_dim"] shouldBe scored.json()["bits_per_dim"]
                }
            }

            val sheet = path("sheet.png")
            val sampled = weft("sample", *model, "--count", "12", "--stream", "--png", sheet)
            withClue(sampled) {
                sampled.exitCode shouldBe ExitCode.OK
                sampled.out shouldContain "12 images"
                ImageIO.read(File(sheet)).height shouldBeGreaterThan 2 * 8 * 4 - 1
            }
            val one = weft("sample", *model, *words("--count 12 --batch 1 --npy"), path("a.npy"))
            val all = weft("sample", *model, *words("--count 12 --batch 16 --npy"), path("b.npy"))
            one.exitCode shouldBe ExitCode.OK
            all.exitCode shouldBe ExitCode.OK
            File(path("a.npy")).readBytes().toList() shouldBe
                File(path("b.npy")).readBytes().toList()

            val completed =
                weft(
                    "complete",
                    *model,
                    *words("--data embedded --index 2 --half bottom --count 3 --json --png"),
                    path("completed.png"),
                )
            withClue(completed) {
                completed.exitCode shouldBe ExitCode.OK
                completed.json()["completions"].asInt() shouldBe 3
                completed.err shouldContain "the small image's are drawn first"
            }
        }

        "goes on with what was interrupted" {
            train("whole", "--steps 12").exitCode shouldBe ExitCode.OK
            train("parts", "--steps 8").exitCode shouldBe ExitCode.OK
            val on = train("parts", "--steps 12 --resume")
            withClue(on) {
                on.exitCode shouldBe ExitCode.OK
                on.json()["small_steps"].asInt() shouldBe 4
                on.json()["large_steps"].asInt() shouldBe 4
            }

            fun bits(name: String) =
                weft("score", "--model-dir", path(name), *words("--data embedded --limit 9 --json"))
                    .json()["bits_per_dim"]
                    .asDouble()
            bits("parts") shouldBe bits("whole").plusOrMinus(0.0)
            val done = train("parts", "--steps 12 --resume")
            withClue(done) {
                done.exitCode shouldBe ExitCode.INPUT
                done.err shouldContain "ask for more"
            }
            val other = train("parts", "--steps 12 --resume --clip 0.5")
            withClue(other) {
                other.exitCode shouldBe ExitCode.INPUT
                other.err shouldContain "its method would be"
            }
        }

        "images that are drawn once suit it" {
            val trained =
                weft(
                    *words("train --model multi-scale --subsample 2 --data embedded --size 8"),
                    *words("--blocks 1 --maps 4 --limit 20 --steps 1 --binarise static --out"),
                    path("static"),
                )
            withClue(trained) { trained.exitCode shouldBe ExitCode.OK }
        }

        "what is for one model alone is refused, and says what is to be given" {
            fun refused(
                why: String,
                ran: Ran,
                code: Int = ExitCode.USAGE,
            ) = withClue(ran) {
                ran.exitCode shouldBe code
                ran.err shouldContain why
            }
            refused("raster order", train("no", "--orders 8"))
            refused(
                "expected 2 or more",
                weft(
                    "train",
                    *words("--model multi-scale --subsample 1 --data embedded --out"),
                    path("no"),
                ),
            )
            refused("for a single model", train("no", "--curves c.png"))
            refused(
                "take --binarise=static",
                weft(
                    *words("train --model multi-scale --data embedded --binarise dynamic --out"),
                    path("no"),
                ),
            )
            refused("take --binarise=static", train("no", "--augment mirror"))
            refused(
                "for --model=multi-scale",
                weft("train", *words("--data embedded --subsample 2 --out"), path("no")),
            )
            refused(
                "is for one",
                weft("explain", *words("--model multi-scale --size 8 --out"), path("x")),
            )
            train("two", "--steps 1").exitCode shouldBe ExitCode.OK
            refused(
                "two${File.separator}small",
                weft("explain", "--model-dir", path("two"), "--out", path("x")),
                ExitCode.INPUT,
            )
            // Each of the two is a model by itself.
            weft("explain", "--model-dir", path("two/small"), "--out", path("x")).exitCode shouldBe
                ExitCode.OK
            MultiScaleModel.load(File(path("two")).toPath()).use {
                it.definition().scale().factor() shouldBe 2
            }
            refused(
                "--order and --orders",
                train("no", "--order hilbert"),
            )
            refused(
                "a multi-scale model",
                weft("train", *words("--data embedded --limit 20 --out"), path("two")),
            )
        }
    })
