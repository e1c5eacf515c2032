package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import java.io.File

/** A copy to give away: the same model, without what training goes on from. */
class ExportSpec :
    StringSpec({
        val folder = tempdir()
        val model = File(folder, "model").path
        val tiny = "--size 8 --levels 2 --limit 40 --maps 6 --blocks 1 --classes 10".split(' ')
        val data = arrayOf("--data", "embedded", *tiny.toTypedArray())

        fun train(vararg more: String) = weft("train", *data, *more)
        train("--steps", "2", "--out", model).exitCode shouldBe ExitCode.OK

        fun scored(model: String) =
            weft("score", "--model-dir", model, "--data", "embedded", "--limit", "20", "--json")

        "it scores the same, and is small; in a folder, or one file" {
            listOf("slim.zip", "slim").map { File(folder, it).path }.forAll { slim ->
                val ran = weft("export", "--model-dir", model, "--out", slim, "--json")
                withClue(ran) {
                    ran.exitCode shouldBe ExitCode.OK
                    val bytes = ran.json()["bytes"].asLong()
                    bytes shouldBe File(slim).walk().filter { it.isFile }.sumOf { it.length() }
                    bytes shouldBeLessThan ran.json()["bytes_before"].asLong()
                }
                scored(slim).json()["bits_per_dim"] shouldBe scored(model).json()["bits_per_dim"]
                Model.load(File(slim).toPath()).use {
                    it.snapshot().state().isEmpty shouldBe true
                    it.history().size shouldBe 1
                }
            }
        }

        "weights are rounded where that is asked for, and scores say what it costs" {
            fun export(
                weights: String,
                out: String,
            ) = weft("export", "--model-dir", model, "--weights", weights, "--out", out)
            val half = File(folder, "half").path
            export("half", half).exitCode shouldBe ExitCode.OK
            val bits = scored(half).json()["bits_per_dim"].asDouble()
            bits shouldNotBe scored(model).json()["bits_per_dim"].asDouble()
            bits shouldBe (scored(model).json()["bits_per_dim"].asDouble() plusOrMinus 0.01)
            export("half", File(folder, "half.npz").path).exitCode shouldBe ExitCode.OK
            val bad = export("quarter", half)
            bad.exitCode shouldBe ExitCode.USAGE
            bad.err shouldContain "found 'quarter'; expected one of full, half"
        }

        "training does not go on from it, and the model stays as it is" {
            val slim = File(folder, "slim").path
            weft("export", "--model-dir", model, "--out", slim).exitCode shouldBe ExitCode.OK
            train("--steps", "4", "--out", slim, "--resume").exitCode shouldBe ExitCode.INPUT
            train("--steps", "4", "--out", model, "--resume").exitCode shouldBe ExitCode.OK
        }

        "what would lose something is refused" {
            val itself = weft("export", "--model-dir", model, "--out", model)
            itself.exitCode shouldBe ExitCode.USAGE
            itself.err shouldContain "is the model itself"
            val other = File(folder, "other").apply { mkdirs() }
            File(other, "letter.txt").writeText("dear")
            val foreign = weft("export", "--model-dir", model, "--out", other.path)
            withClue(foreign) { foreign.exitCode shouldBe ExitCode.INPUT }
            weft("export", "--model-dir", "$model-not", "--out", other.path).exitCode shouldBe
                ExitCode.INPUT
        }
    })
