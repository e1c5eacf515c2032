package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import io.weft.Model
import io.weft.watch.TrainingHistory
import java.io.File
import javax.imageio.ImageIO

/** What training leaves to be looked at, and going on with it. */
class WatchSpec :
    StringSpec({
        val folder = tempdir()
        val tiny =
            "--data embedded --size 8 --levels 3 --limit 40 --blocks 1 --maps 6 --batch 10 --classes 10"
                .split(' ')
                .toTypedArray()

        fun values(model: Model) =
            model.weights().names().associateWith { model.weights().values(it).toList() }

        fun path(name: String) = File(folder, name).path

        "history, curves, sheets and events are written" {
            val ran =
                weft(
                    "train",
                    *tiny,
                    *"--epochs 3 --json".split(' ').toTypedArray(),
                    *arrayOf("--out", path("model"), "--history", path("h.csv")),
                    *arrayOf("--history", path("h.json"), "--curves", path("c.png")),
                    *arrayOf("--sheets", path("sheets"), "--tensorboard", path("board")),
                )
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                ran.json()["files"].map { it.asText() } shouldHaveSize 5
            }
            val history = TrainingHistory.read(File(path("h.json")).toPath())
            history shouldBe TrainingHistory.read(File(path("h.csv")).toPath())
            history.steps().map { it.step() } shouldBe (1L..12L).toList()
            history.validations().map { it.step() } shouldBe listOf(4L, 8L, 12L)
            ImageIO.read(File(path("c.png"))).width shouldBe 1800
            File(path("sheets")).list()!!.sorted() shouldContainExactly
                listOf("step-000004.png", "step-000008.png", "step-000012.png")
            File(path("board")).list()!!.single() shouldStartWith "events.out.tfevents."
        }

        "a training that goes on ends as if it had never stopped" {
            val whole = path("whole")
            val parts = path("parts")
            weft("train", *tiny, "--epochs", "3", "--out", whole).exitCode shouldBe ExitCode.OK
            weft("train", *tiny, "--epochs", "1", "--out", parts).exitCode shouldBe ExitCode.OK
            val on = weft("train", *tiny, "--epochs", "3", "--resume", "--out", parts, "--json")
            withClue(on) {
                on.exitCode shouldBe ExitCode.OK
                on.json()["steps"].asInt() shouldBe 8
            }
            Model.load(File(whole).toPath()).use { one ->
                Model.load(File(parts).toPath()).use { other ->
                    values(one) shouldBe values(other)
                    other.history() shouldHaveSize 1
                }
            }
            val unlike = arrayOf("--rate", "0.01", "--epochs", "4", "--resume", "--out", parts)
            val other = weft("train", *tiny, *unlike)
            withClue(other) {
                other.exitCode shouldBe ExitCode.INPUT
                other.err shouldContain
                    "--resume: this would not go on with the run before"
                other.err shouldContain "0.01"
            }
            val done = weft("train", *tiny, "--epochs", "3", "--resume", "--out", parts)
            done.exitCode shouldBe ExitCode.INPUT
            done.err shouldContain "has taken 12 steps, which is all"
        }

        "a history goes on with the training" {
            val out = arrayOf("--out", path("stopped"), "--history", path("stopped.csv"))
            val sheets = arrayOf("--sheets", path("stopped-sheets"), "--sheet-count", "3")
            val save = arrayOf("--save-every", "2", "--steps")
            weft("train", *tiny, *out, *sheets, *save, "5").exitCode shouldBe ExitCode.OK
            File(path("stopped-sheets")).list()!!.sorted() shouldContainExactly
                listOf(2, 4, 5).map { "step-00000$it.png" }
            val on = weft("train", *tiny, *out, *save, "7", "--resume")
            withClue(on) { on.exitCode shouldBe ExitCode.OK }
            TrainingHistory
                .read(
                    File(path("stopped.csv")).toPath(),
                ).steps()
                .map { it.step() } shouldBe (1L..7L).toList()
        }

        "what cannot be written is found before training" {
            val file = File(folder, "a-file").apply { writeText("") }.path
            val refusals =
                listOf("--tensorboard", "--sheets").map { listOf(it, file) to ExitCode.INPUT } +
                    listOf("--history", "--curves").zip(listOf("h.csv", "c.png")) { option, name ->
                        listOf(option, "$file/$name") to ExitCode.USAGE
                    }
            refusals.forEach { (options, code) ->
                val none = path("never")
                val ran = weft("train", *tiny, "--out", none, *options.toTypedArray())
                withClue(ran) {
                    ran.exitCode shouldBe code
                    ran.err shouldContain file
                    File(none).exists() shouldBe false
                }
            }
        }

        "bad options are refused before anything is read" {
            val refusals =
                mapOf(
                    listOf("--history", path("h.txt")) to "histories are written to .csv and .json",
                    listOf("--curves", path("c.jpg")) to "expected the name of a .png file",
                    listOf("--resume") to "there is no model in",
                    listOf("--sheet-count", "0") to "--sheet-count=0; expected 1 or more",
                    listOf("--save-every", "0") to "at least 1, found 0",
                )
            refusals.forEach { (options, words) ->
                val ran = weft("train", *tiny, "--out", path("none"), *options.toTypedArray())
                withClue(ran) { ran.err shouldContain words }
            }
            val other = weft("train", *tiny, "--blocks", "2", "--resume", "--out", path("model"))
            withClue(other) { other.exitCode shouldBe ExitCode.USAGE }
            val wider =
                weft(
                    "train",
                    *tiny.map { if (it == "6") "7" else it }.toTypedArray(),
                    *arrayOf("--resume", "--out", path("model")),
                )
            wider.exitCode shouldBe ExitCode.INPUT
            wider.err shouldContain "is not the one that the options declare"
        }
    })
