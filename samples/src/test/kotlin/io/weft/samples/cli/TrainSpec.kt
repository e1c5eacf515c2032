package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.engine.Threads
import io.weft.explain.Summary
import io.weft.spec.ImageSpec
import java.io.DataOutputStream
import java.io.File
import javax.imageio.ImageIO

/** What `weft train` keeps and saves, and what it says of it. */
class TrainSpec :
    StringSpec({
        val folder = tempdir()

        fun words(line: String) = line.split(' ').filter { it.isNotEmpty() }.toTypedArray()

        val tiny = words("--data embedded --size 8 --levels 3 --blocks 1 --maps 6")

        fun path(name: String) = File(folder, name).path

        fun train(
            name: String,
            options: String,
        ) = weft("train", *tiny, *words(options), "--out", path(name), "--json")

        fun <T> saved(
            name: String,
            look: (Model) -> T,
        ) = Model.load(File(path(name)).toPath()).use(look)

        fun bits(
            name: String,
            data: String = "embedded",
        ) = weft("score", "--model-dir", path(name), "--data", data, "--json")
            .json()["bits_per_dim"]
            .asDouble()

        val values = { model: Model ->
            model.weights().names().associateWith { model.weights().values(it).toList() }
        }

        "images a second are images that were seen" {
            // Of 9 training images, batches of 8 take 8 and 1: 18 images in 4 steps.
            val ran = train("partial", "--limit 9 --batch 8 --epochs 2")
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                val json = ran.json()
                json["steps"].asInt() shouldBe 4
                (json["images_per_second"].asDouble() * json["seconds"].asDouble()) shouldBe
                    18.0.plusOrMinus(1e-6)
            }
        }

        "the weights of the best validation are saved, and it is said" {
            // Fewer images than a test of 'embedded' has, as each step is validated.
            val few = digits(File(folder, "few"), 100).path
            val over = "--limit 3 --batch 3 --rate 0.05 --steps 60 --test-data $few"

            fun bits(name: String) = bits(name, few)
            val best = train("best", "$over --save-every 40")
            withClue(best) {
                best.exitCode shouldBe ExitCode.OK
                val json = best.json()
                val kept = json["kept_step"].asLong()
                kept shouldBeLessThan 60
                best.err shouldContain "kept the weights of step $kept, the best of 60 validations"
                bits("best") shouldBe json["validation_bits_per_dim"].asDouble().plusOrMinus(1e-4)
            }
            val last = train("last", "$over --keep last")
            withClue(last) {
                last.exitCode shouldBe ExitCode.OK
                last.json()["kept_step"].asInt() shouldBe 60
                last.err shouldContain "kept the weights of step 60; the best of 60 validations"
                bits("best") shouldBeLessThan bits("last")
            }
            val early = train("early", "$over --early-stop 4")
            withClue(early) {
                early.exitCode shouldBe ExitCode.OK
                early.json()["outcome"].asText() shouldBe "STOPPED_EARLY"
                early.json()["steps"].asLong() shouldBe early.json()["kept_step"].asLong() + 4
                bits("early") shouldBe
                    early.json()["validation_bits_per_dim"].asDouble().plusOrMinus(1e-4)
            }
        }

        "the best is kept across an interruption as without one" {
            val over = "--limit 10 --batch 10 --rate 0.03 --polyak 0.5"
            train("whole", "$over --steps 30").exitCode shouldBe ExitCode.OK
            train("parts", "$over --steps 25").exitCode shouldBe ExitCode.OK
            val on = train("parts", "$over --steps 30 --resume")
            withClue(on) { on.exitCode shouldBe ExitCode.OK }
            saved("parts", values) shouldBe saved("whole", values)
            saved("parts") { it.history().single().keptStep() } shouldBe
                saved("whole") { it.history().single().keptStep() }
        }

        "RMSProp trains, and goes on with what it has kept" {
            val over = "--limit 10 --batch 10 --rate 0.01 --optimiser rmsprop"
            train("rms", "$over --steps 30").exitCode shouldBe ExitCode.OK
            train("rms-parts", "$over --steps 20").exitCode shouldBe ExitCode.OK
            val other = train("rms-parts", "--limit 10 --batch 10 --rate 0.01 --steps 30 --resume")
            withClue(other) {
                other.exitCode shouldBe ExitCode.INPUT
                other.err shouldContain "RmsProp[rate="
                other.err shouldContain "Adam[rate="
            }
            train("rms-parts", "$over --steps 30 --resume").exitCode shouldBe ExitCode.OK
            saved("rms-parts", values) shouldBe saved("rms", values)
            bits("rms") shouldBeLessThan 1.5
            train("rms", "--optimiser sgd").let {
                it.exitCode shouldBe ExitCode.USAGE
                it.err shouldContain "expected one of adam, adamw, rmsprop"
            }
        }

        "micro-batches come to the same on one thread and on two, and are gone on with" {
            val over = "--limit 10 --batch 10 --micro-batch 3 --rate 0.01"
            train("micro", "$over --steps 12 --threads 1").exitCode shouldBe ExitCode.OK
            train("micro-parts", "$over --steps 5 --threads 2").exitCode shouldBe ExitCode.OK
            train("micro-parts", "--limit 10 --batch 10 --rate 0.01 --steps 12 --resume").let {
                it.exitCode shouldBe ExitCode.INPUT
                it.err shouldContain "micro-batch 3"
            }
            train("micro-parts", "$over --steps 12 --resume").exitCode shouldBe ExitCode.OK
            saved("micro-parts", values) shouldBe saved("micro", values)
            train("micro", "--threads 0").let {
                it.exitCode shouldBe ExitCode.USAGE
                it.err shouldContain "--threads=0; expected 1 or more"
            }
        }

        "a schedule lasts as long as the run, and its rate is the record's" {
            val over = "--limit 10 --batch 5 --epochs 3 --rate 0.01"
            train("cosine", "$over --schedule cosine:0.1 --optimiser adamw --weight-decay 0.2")
                .exitCode shouldBe ExitCode.OK
            saved("cosine") { it.history().single().options() } shouldContain
                "AdamW[adam=Adam[rate=Cosine[rate=0.01, steps=6, floor=0.1]"
            train("plateau", "$over --schedule plateau:1 --warm-up 2").exitCode shouldBe ExitCode.OK
            saved("plateau") { it.history().single().options() } shouldContain
                "WarmUp[steps=2, then=Plateau[then=Constant[rate=0.01], factor=0.5, patience=1"
            train("plateau", "$over --schedule plateau:2:0.1").exitCode shouldBe ExitCode.OK
            saved("plateau") { it.history().single().options() } shouldContain
                "Plateau[then=Constant[rate=0.01], factor=0.1, patience=2"
            train("plateau", "$over --schedule plateau:2:0.1:7").let {
                it.exitCode shouldBe ExitCode.USAGE
                it.err shouldContain "found 'plateau:2:0.1:7'; expected one of constant"
            }
        }

        "pieces are trained on, those of the middle validated on, and it is gone on with" {
            val over = "--limit 20 --batch 5 --augment mirror,crop:6x5"
            val ran = train("pieces", "$over --epochs 3")
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            ran.err shouldContain "images are pieces of 6x5 at random places, seed 2"
            saved("pieces") { it.definition().image() } shouldBe ImageSpec(6, 5, 1, 3)
            train("pieces-parts", "$over --epochs 1").exitCode shouldBe ExitCode.OK
            train("pieces-parts", "$over --epochs 3 --resume").exitCode shouldBe ExitCode.OK
            saved("pieces-parts", values) shouldBe saved("pieces", values)
            train("pieces", "--augment crop:9").let {
                it.exitCode shouldBe ExitCode.USAGE
                it.err shouldContain "have no pieces of 9x9"
            }
        }

        "a limit of threads holds for whole batches too" {
            train("threads", "--limit 10 --steps 2 --threads 1").let {
                withClue(it) { it.exitCode shouldBe ExitCode.OK }
            }
            Threads.limit().isPresent shouldBe false
        }

        "the learning rate is found first, and its curve drawn" {
            val curve = path("rates.png")
            val ran = train("found", "--limit 20 --batch 10 --steps 2 --find-rate $curve")
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            ImageIO.read(File(curve)).width shouldBe 1800
            val said = Regex("the learning rate is (\\S+), as").find(ran.err)!!.groupValues[1]
            val rate =
                saved("found") { it.history().single().options() }
                    .substringAfter("Constant[rate=")
                    .substringBefore("]")
            rate.toDouble() shouldBe said.toDouble().plusOrMinus(0.01 * rate.toDouble())
            saved("found") { it.history().single().lastStep() } shouldBe 2
            train("found", "--steps 3 --resume --find-rate $curve").exitCode shouldBe ExitCode.USAGE
            train("found", "--steps 3 --rate 0.1 --find-rate $curve").let {
                it.exitCode shouldBe ExitCode.USAGE
                it.err shouldContain "finds the rate; leave --rate out"
            }
        }

        "a network that is fine-tuned is trained as its family is" {
            val data = words("--data embedded --size 8 --limit 20 --steps 1")
            val small = words("--model pixelcnnpp --maps 6 --blocks 1 --components 2")
            val first = weft("train", *data, *small, "--out", path("pp"))
            withClue(first) { first.exitCode shouldBe ExitCode.OK }
            val tuned = weft("train", *data, "--from", path("pp"), "--out", path("pp-tuned"))
            withClue(tuned) { tuned.exitCode shouldBe ExitCode.OK }
            val own = saved("pp") { it.history().single().options() }
            own shouldContain "batch 16"
            own shouldContain "0.9995"
            // But for what says that it is fine-tuned.
            saved("pp-tuned") { it.history().last().options() } shouldContain
                own.substringBefore(", polyak")
            saved("pp-tuned") { it.history().last().options() } shouldContain "0.9995"
        }

        "a trained model is fine-tuned, layers of it stay, and it is gone on with" {
            train("base", "--limit 20 --steps 3").exitCode shouldBe ExitCode.OK
            val from = arrayOf("--from", path("base"), "--data", "embedded", "--size", "8")
            val also = arrayOf("--levels", "3", "--limit", "10", "--freeze", "block", "--json")

            fun tuned(
                name: String,
                vararg more: String,
            ) = weft("train", *from, *also, "--out", path(name), *more)
            tuned("tuned", "--steps", "4").let { withClue(it) { it.exitCode shouldBe ExitCode.OK } }
            val record = saved("tuned") { it.history().last() }
            record.firstStep() shouldBe 3
            record.lastStep() shouldBe 7
            record.options() shouldContain "fine-tuning with optimiser and average fresh"
            val base = saved("base", values)
            saved("tuned", values).forEach { (name, found) ->
                (found == base[name]) shouldBe name.startsWith("block/")
            }
            tuned("parts", "--steps", "2").exitCode shouldBe ExitCode.OK
            tuned("parts", "--steps", "4", "--resume").exitCode shouldBe ExitCode.OK
            saved("parts", values) shouldBe saved("tuned", values)
            tuned("kept", "--steps", "1", "--keep-optimiser").exitCode shouldBe ExitCode.OK
            tuned("wrong", "--steps", "1", "--layer-rate", "blok=0.1").let {
                it.exitCode shouldBe ExitCode.USAGE
                it.err shouldContain "has no layer \"blok\" with anything to train; it has block/"
            }
        }

        "every family drops values in training" {
            for (model in listOf("pixelcnn", "gated", "image-gpt", "row-lstm")) {
                val ran =
                    weft(
                        "train",
                        *words("--data embedded --size 8 --levels 2 --blocks 1 --maps 4 --limit 4"),
                        *words("--model $model --dropout 0.3 --steps 1 --json"),
                        "--out",
                        path("dropping-$model"),
                    )
                withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
                saved("dropping-$model") { Summary.of(it.definition()).text() } shouldContain
                    "dropout 0.3"
            }
        }

        "going on without the average that was kept is refused" {
            train("averaged", "--limit 20 --steps 2 --polyak 0.9").exitCode shouldBe ExitCode.OK
            val raw = train("averaged", "--limit 20 --steps 3 --polyak 0 --resume")
            withClue(raw) {
                raw.exitCode shouldBe ExitCode.INPUT
                raw.err shouldContain "Polyak average 0.0"
                raw.err shouldContain "but was"
                raw.err shouldContain "Polyak average 0.9"
            }
            train("averaged", "--limit 20 --steps 3 --polyak 0.9 --resume").exitCode shouldBe
                ExitCode.OK
        }

        "training that has diverged is a failure, and what was there stays" {
            train("kept", "--limit 20 --steps 2").exitCode shouldBe ExitCode.OK
            val files =
                { File(path("kept")).listFiles()!!.sorted().associate { it.name to it.readText() } }
            val before = files()
            val wild = "--rate 100 --clip 0"
            for (keep in listOf("best", "last")) {
                val ran =
                    train("kept", "--limit 20 --steps 12 $wild --keep $keep --save-every 2")
                withClue(ran) {
                    ran.exitCode shouldBe ExitCode.FAILED
                    ran.out shouldBe ""
                    ran.err shouldContain "has diverged"
                    ran.err shouldContain "--rate"
                    ran.err shouldContain "what is in ${path("kept")} stays as it is"
                    ran.err shouldNotContain "saved in"
                }
                files() shouldBe before
            }
        }

        "one image is enough to train on" {
            val ran = train("one", "--limit 1 --steps 3 --batch 4")
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                val json = ran.json()
                json["training_images"].asInt() shouldBe 1
                json["steps"].asInt() shouldBe 3
                json["kept_step"].asInt() shouldBe 3
                ran.err shouldNotContain "--validation"
            }
            val none = File(folder, "one-picture").apply { mkdir() }
            weft("sample", "--model-dir", path("one"), "--count", "1", "--png", "$none/a.png")
                .exitCode shouldBe ExitCode.OK
            val data = arrayOf("--data", "$none", "--blocks", "1", "--maps", "4")
            val alone = weft("train", *data, "--steps", "2", "--out", path("alone"), "--json")
            withClue(alone) {
                alone.exitCode shouldBe ExitCode.OK
                alone.err shouldContain "too few to set some aside: nothing is validated"
                alone.err shouldContain "bits per dimension on the training images"
                alone.json()["validation_images"].asInt() shouldBe 0
                alone.json()["validation_bits_per_dim"].isNull shouldBe true
                alone.json()["kept_step"].asInt() shouldBe 2
            }
            val best =
                weft("train", *data, "--keep", "best", "--early-stop", "2", "--out", path("none"))
            withClue(best) {
                best.exitCode shouldBe ExitCode.INPUT
                best.err shouldContain
                    "--keep=best and --early-stop: to set some aside takes more than 1 image"
            }
        }

        "what cannot be kept is refused" {
            val word = train("none", "--keep newest")
            withClue(word) {
                word.exitCode shouldBe ExitCode.USAGE
                word.err shouldContain "--keep"
            }
            val zero = train("none", "--early-stop 0")
            withClue(zero) {
                zero.exitCode shouldBe ExitCode.USAGE
                zero.err shouldContain "at least 1, found 0"
            }
        }
    }) {
    private companion object {
        /** An IDX file of digits that no training sees. */
        fun digits(
            file: File,
            count: Int,
        ): File {
            val digits = EmbeddedDigits.count(count).size(8).levels(256).seed(7).grey()
            DataOutputStream(file.outputStream()).use { out ->
                listOf(0x803, count, 8, 8).forEach(out::writeInt)
                repeat(count) { i -> digits.image(i).forEach(out::writeByte) }
            }
            return file
        }
    }
}
