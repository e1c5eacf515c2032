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
import io.weft.pyramid.Size
import io.weft.watch.TrainingHistory
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
            val classified = weft("classify", *model, *words("--data embedded --limit 20 --json"))
            withClue(classified) {
                classified.exitCode shouldBe ExitCode.OK
                classified.json()["images"].asInt() shouldBe 20
            }
            val each =
                weft("score", *model, *words("--data embedded --limit 20 --all-labels --json"))
            withClue(each) { each.json()["labels"].size() shouldBe 10 }
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

        "is fine-tuned, with the options of training" {
            train("base", "--steps 3").exitCode shouldBe ExitCode.OK
            val options =
                "--steps 2 --data embedded --size 8 --levels 3 --limit 20 --batch 10 --json" +
                    " --micro-batch 5 --threads 2 --schedule one-cycle --optimiser adamw" +
                    " --train-only head --out"
            val tuned = weft("train", "--from", path("base"), *words(options), path("tuned"))
            withClue(tuned) { tuned.exitCode shouldBe ExitCode.OK }
            MultiScaleModel.load(File(path("tuned")).toPath()).use { model ->
                for (size in Size.entries) {
                    val record = model.model(size).history().last()
                    record.firstStep() shouldBe 3
                    record.lastStep() shouldBe 5
                    record.options() shouldContain "fine-tuning with optimiser and average fresh"
                }
            }
            val declared =
                weft("train", "--from", path("base"), "--maps", "8", *words(options), path("no"))
            declared.err shouldContain "has a network of its own; leave --maps out"
        }

        "what watches a training watches both" {
            val watching =
                "--steps 4 --save-every 2 --keep best --early-stop 9 --sheet-count 4 --history" +
                    " ${path("run.csv")} --curves ${path("run.png")} --sheets ${path("sheets")}" +
                    " --tensorboard ${path("board")}"
            val trained = train("watched", watching)
            withClue(trained) {
                trained.exitCode shouldBe ExitCode.OK
                trained.json()["files"].size() shouldBe 8
                trained.json()["files"].forEach { File(it.asText()).exists() shouldBe true }
                trained.json()["small_kept_step"].asInt() shouldBeGreaterThan 0
                trained.err shouldContain "the large image: kept the weights of step"
            }
            for (size in listOf("small", "large")) {
                val history = TrainingHistory.read(File(path("run-$size.csv")).toPath())
                history.steps().last().step() shouldBe 4
                File(path("run-$size.png")).exists() shouldBe true
                File(path("board/$size")).list()?.size shouldBe 1
            }

            fun sheet(size: String) = ImageIO.read(File(path("sheets/$size/step-000004.png")))
            // Small ones of 4x4 and large ones of 8x8, each enlarged to some 48 pixels, two by two.
            sheet("small").height shouldBeGreaterThan 2 * 48 - 1
            sheet("large").height shouldBeGreaterThan 2 * 48 - 1
            val on = train("watched", watching.replace("--steps 4", "--steps 6") + " --resume")
            withClue(on) { on.exitCode shouldBe ExitCode.OK }
            val whole = TrainingHistory.read(File(path("run-large.csv")).toPath())
            whole.steps().map { it.step() } shouldBe (1L..6L).toList()
        }

        "each scale is explained, and what the large one sees of the small one" {
            train("explained", "--steps 1").exitCode shouldBe ExitCode.OK
            val model = arrayOf("--model-dir", path("explained"))
            val text = weft("explain", *model, "--sampling")
            withClue(text) {
                text.exitCode shouldBe ExitCode.OK
                text.out shouldContain "The small image"
                text.out shouldContain "sees of small"
            }
            val files =
                weft("explain", *model, "--json", "--report", path("r.html"), "--out", path("x"))
            withClue(files) {
                files.exitCode shouldBe ExitCode.OK
                val large = files.json()["large"]
                large["height"].asInt() shouldBe 8
                large["sees_of_conditions"]["small"].asInt() shouldBeGreaterThan 0
                files.json()["small"]["height"].asInt() shouldBe 4
            }
            for (file in listOf("r-small.html", "r-large.html", "x/small/model.svg")) {
                File(path(file)).exists() shouldBe true
            }
            File(path("r-large.html")).readText() shouldContain "sees of small"
            val declared =
                weft("explain", *words("--model multi-scale --subsample 2 --size 8 --levels 3"))
            withClue(declared) {
                declared.exitCode shouldBe ExitCode.OK
                declared.out shouldContain "sees of small"
            }
        }

        "what is missing is as likely as all, less what is known, or it says why not" {
            train("completed", "--steps 2").exitCode shouldBe ExitCode.OK
            val complete =
                arrayOf("complete", "--model-dir", path("completed"), "--score", "--json") +
                    words("--data embedded --index 2 --count 1 --png") + path("parts.png")
            val half = weft(*complete, "--half", "bottom")
            withClue(half) {
                half.exitCode shouldBe ExitCode.INPUT
                half.err shouldContain "the small image is drawn before"
                half.err shouldContain "weft score says how likely the whole image is"
            }
            // The last row and column are none of the small image's.
            val corner = weft(*complete, "--hole", "7,7,1,1")
            withClue(corner) {
                corner.exitCode shouldBe ExitCode.OK
                corner.json()["missing_log_likelihood"][0].asDouble() shouldBeLessThan 0.0
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

        "fine-tuning that was interrupted in the small model goes on with both" {
            train("first", "--steps 3").exitCode shouldBe ExitCode.OK
            val second =
                arrayOf("train", "--from", path("first"), "--out", path("second"), "--json") +
                    words("--data embedded --size 8 --levels 3 --limit 20 --batch 10")
            val stopped =
                weft(*second, *words("--epochs 500"), err = Interrupting("train: validation"))
            withClue(stopped) {
                stopped.exitCode shouldBe ExitCode.INTERRUPTED
                stopped.json().has("large_steps") shouldBe false
            }
            val on = weft(*second, *words("--steps 6 --resume"))
            withClue(on) { on.exitCode shouldBe ExitCode.OK }
            MultiScaleModel.load(File(path("second")).toPath()).use { model ->
                for (size in Size.entries) {
                    val runs = model.model(size).history()
                    runs.map { it.firstStep() } shouldBe listOf(0L, 3L)
                    runs.last().lastStep() shouldBe 9
                }
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
            refused("expected the name of a .png file", train("no", "--curves c.gif"))
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
                "two models",
                weft("bench", "sample", *words("--model multi-scale --size 8")),
            )
            train("two", "--steps 1").exitCode shouldBe ExitCode.OK
            refused(
                "two${File.separator}small",
                weft(
                    "compress",
                    "--model-dir",
                    path("two"),
                    *words("--data embedded --limit 2 --out"),
                    path("x.weft"),
                ),
                ExitCode.INPUT,
            )
            refused(
                "--orders=8 is for a single model",
                weft(
                    "score",
                    "--model-dir",
                    path("two"),
                    *words("--data embedded --limit 2 --orders 8"),
                ),
            )
            refused(
                "is for raster order alone",
                weft(
                    "sample",
                    "--model-dir",
                    path("two"),
                    *words("--order s-curve --stream"),
                ),
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
