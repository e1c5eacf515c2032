package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.data.ImageSet
import io.weft.data.NumpyFile
import io.weft.exchange.CodeFile
import io.weft.image.CodePalette
import io.weft.spec.ImageSpec
import java.io.File
import javax.imageio.ImageIO

/** Codes of a vector quantiser on the command line: all that images can, codes can. */
class CodesCommandSpec :
    StringSpec({
        val folder = tempdir()
        val spec = ImageSpec(4, 4, 1, 512)
        val codes = ImageSet.of(spec, IntArray(12 * 16) { (it * 197 + 61) % 512 })
        val data = File(folder, "codes.npy")
        val model = File(folder, "model").path

        fun run(vararg arguments: String): Ran =
            weft(*arguments).also { withClue(it) { it.exitCode shouldBe ExitCode.OK } }

        beforeSpec {
            NumpyFile.write(data.toPath(), codes)
            val small = arrayOf("--blocks", "1", "--maps", "4", "--batch", "4", "--epochs", "2")
            val given = arrayOf("--data", data.path, "--levels", "512")
            val ran = run("train", *given, *small, "--out", model, "--json")
            ran.json()["uniform_bits_per_dim"].asDouble() shouldBe 9.0
        }

        "they are read as learned vectors" {
            Model.load(File(model).toPath()).use {
                it.definition().image() shouldBe spec
                it.weights().parameter("embedding/vectors").dimensions() shouldBe listOf(512, 4)
            }
        }

        "they are scored, drawn as an array and as pictures, and completed" {
            val scored = run("score", "--model-dir", model, "--data", data.path, "--json")
            scored.json()["bits_per_dim"].asDouble() shouldBeLessThan 10.0
            val array = File(folder, "drawn.npy")
            val sheet = File(folder, "drawn.png")
            val files = arrayOf("--npy", array.path, "--png", sheet.path, "--scale", "1")
            run("sample", "--model-dir", model, "--count", "3", *files)
            val drawn = CodeFile.read(array.toPath(), 512)
            drawn.size() shouldBe 3
            (0 until 3).maxOf { drawn.image(it).max() } shouldBeGreaterThan 255
            ImageIO.read(sheet).getRGB(2, 2) and 0xFFFFFF shouldBe
                CodePalette.colour(drawn.level(0, 0, 0, 0))
            val torn = arrayOf("--data", data.path, "--index", "3", "--half", "bottom")
            run("complete", "--model-dir", model, *torn, "--png", sheet.path)
        }

        "they are compressed, and come back" {
            val file = File(folder, "codes.weft").path
            val place = arrayOf("--model-dir", model)
            run("compress", *place, "--data", data.path, "--out", file, "--verify")
            val array = File(folder, "again.npy")
            run("decompress", *place, "--file", file, "--npy", array.path)
            CodeFile.read(array.toPath(), 512).fingerprint() shouldBe codes.fingerprint()
        }

        "too few levels are refused in the words of the command line" {
            val out = File(folder, "none").path
            val ran = weft("train", "--data", data.path, "--levels", "300", "--out", out)
            ran.exitCode shouldBe ExitCode.INPUT
            ran.err shouldContain "whole numbers from 0 to 299"
            val sized = arrayOf("--size", "2", "--levels", "512", "--out", out)
            weft("train", "--data", data.path, *sized).err shouldContain
                "--size and --fit are for pictures"
        }
    })
