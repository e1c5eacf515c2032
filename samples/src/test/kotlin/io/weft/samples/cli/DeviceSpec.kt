package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.engine.Device
import io.weft.json.LayerCatalog
import io.weft.samples.digitModel
import kotlin.io.path.div
import kotlin.io.path.exists

/** Where commands compute. */
class DeviceSpec :
    StringSpec({
        val folder = tempdir().toPath()
        val place = folder / "model"
        Model.initial(digitModel(), 1).use { it.save(place) }
        val model = arrayOf("--model-dir", "$place")
        val data = arrayOf("--data", "embedded", "--limit", "12")
        val tiny = arrayOf("--size", "8", "--levels", "2", "--maps", "4", "--blocks", "1")
        val train = arrayOf("train", *data, *tiny, "--validation", "0.2", "--batch", "5")

        fun nats(vararg more: String): Double {
            val ran = weft("score", *model, *data, "--json", *more)
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            return ran.json()["nats_per_image"].asDouble()
        }

        "on the jvm a model scores with the JVM's bits" {
            val digits =
                EmbeddedDigits
                    .count(12)
                    .size(16)
                    .seed(1)
                    .grey()
                    .quantised(4)
            val examples = Examples.suiting(digitModel().conditions(), digits)
            val own =
                Model.load(place, LayerCatalog.standard(), Device.jvm()).use {
                    it.score(examples).meanNats()
                }
            nats("--device=jvm") shouldBe own
            nats("--device", "cpu") shouldBe nats()
            nats() shouldBe own.plusOrMinus(1e-3)
            // TensorFlow's sums are in another order: this is how one knows who has computed.
            nats() shouldNotBe own
        }

        "all that only reads a model computes on the jvm too" {
            val all =
                mapOf(
                    "classify" to arrayOf(*model, *data),
                    "compare" to arrayOf(*model, "--model-dir", "$place", *data),
                    "sample" to arrayOf(*model, "--count", "2", "--png", "${folder / "two.png"}"),
                    "complete" to
                        arrayOf(*model, "--data", "embedded", "--index", "7", "--half", "bottom") +
                        arrayOf("--count", "1", "--score", "--png", "${folder / "half.png"}"),
                )
            all.toList().forAll { (command, words) ->
                val ran = weft(command, *words, "--device=jvm")
                withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            }
        }

        "training on the processor is what training is" {
            val (said, asked) =
                listOf(arrayOf("--device", "cpu"), arrayOf()).mapIndexed { i, device ->
                    val out = folder / "trained-$i"
                    val ran = weft(*train, "--steps", "3", "--out", "$out", *device)
                    withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
                    Model.load(out).use { it.weights() }
                }
            said.names().forEach { said.values(it).toList() shouldBe asked.values(it).toList() }
        }

        fun refused(
            code: Int,
            words: String,
            vararg arguments: String,
        ) {
            val ran = weft(*arguments)
            withClue(ran) {
                ran.exitCode shouldBe code
                ran.err shouldContain words
                ran.err shouldNotContain "Exception"
            }
        }

        "what does not compute there is refused before anything is read" {
            val nowhere = "${folder / "nowhere"}"
            val untrained = "--device=jvm does not train"
            refused(ExitCode.USAGE, untrained, *train, "--out", nowhere, "--device=jvm")
            refused(
                ExitCode.USAGE,
                untrained,
                *arrayOf("anomalies", "--good", nowhere, "--check", nowhere, "--device=jvm"),
            )
            refused(
                ExitCode.USAGE,
                "--device=jvm leaves TensorFlow out; take --executor=jvm",
                *arrayOf("sample", *model, "--png", nowhere, "--device=jvm"),
                "--executor=tensorflow",
            )
            for (word in listOf("tpu", "gpu:", "gpu:-1", "GPU", "gpu:1000", "")) {
                refused(
                    ExitCode.USAGE,
                    "found '$word'; expected cpu, jvm, gpu or gpu:N",
                    *arrayOf("score", *model, *data, "--device", word),
                )
            }
            (folder / "nowhere").exists() shouldBe false
        }

        // No machine has so many.
        "a GPU that is not there is missed in words, and nothing is computed elsewhere" {
            for (command in listOf(arrayOf("score", *model, *data), train)) {
                val out = folder / "none"
                val where = if (command === train) arrayOf("--out", "$out") else arrayOf()
                refused(
                    ExitCode.FAILED,
                    "--device=gpu:99: TensorFlow finds no such device here.",
                    *command,
                    *where,
                    "--device=gpu:99",
                )
                out.exists() shouldBe false
            }
        }
    })
