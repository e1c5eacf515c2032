package io.weft.samples.cli

import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.BuiltinModel
import io.weft.Model
import kotlin.io.path.fileSize
import kotlin.io.path.readBytes

/** Models that come with Weft: listed, and taken by every command that takes a model. */
class ModelsSpec :
    StringSpec({
        val folder = tempdir().toPath()
        val json = ObjectMapper()

        fun done(vararg arguments: String): Ran {
            val ran = weft(*arguments)
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            return ran
        }

        "weft models lists them, for people and for machines" {
            val people = done("models").out
            val machines = json.readTree(done("models", "--json").out)["models"]
            machines.map { it["name"].asText() } shouldContain "digits"
            machines.size() shouldBe BuiltinModel.all().size
            for (model in BuiltinModel.all()) {
                people shouldContain "builtin:${model.name()}: ${model.draws()}"
                people shouldContain model.command()
                people shouldContain model.score().command()
            }
        }

        "a model has the score that the list says, by the command that it says" {
            val score = BuiltinModel.named("digits").score()
            val words = score.command().split(' ').drop(1)
            val found = json.readTree(done(*words.toTypedArray(), "--json").out)
            found["nats_per_image"].asDouble() shouldBe (score.nats() plusOrMinus 0.01)
            score.of() shouldContain format("%,d", found["images"].asInt())
        }

        "weft sample draws what the library draws" {
            val npy = folder.resolve("drawn.npy")
            done("sample", "--model-dir", "builtin:digits", "--count", "2", "--npy", "$npy")
            val levels = npy.readBytes().takeLast(2 * 16 * 16)
            Model.builtin("digits").use { model ->
                val images = model.sampler(1).count(2).labels { it.toInt() }.images().toList()
                levels shouldBe images.flatMap { image -> image.levels().map { it.toByte() } }
            }
        }

        "weft classify, explain and export take them" {
            val classified =
                done(
                    "classify",
                    "--model-dir",
                    "builtin:digits",
                    "--data",
                    "embedded",
                    "--limit",
                    "50",
                    "--json",
                )
            json.readTree(classified.out)["accuracy"].asDouble() shouldBeGreaterThan 0.9
            done("explain", "--model-dir", "builtin:digits").out shouldContain "parameters"
            val copy = folder.resolve("copy.zip")
            done("export", "--model-dir", "builtin:digits", "--out", "$copy")
            copy.fileSize() shouldBeLessThan 1_000_000L
            done("explain", "--model-dir", "$copy")
        }

        "an unknown one is refused, with those that there are" {
            val ran = weft("sample", "--model-dir", "builtin:numbers", "--stream")
            ran.exitCode shouldBe ExitCode.USAGE
            ran.err shouldContain "\"numbers\""
            ran.err shouldContain "digits"
            ran.err shouldContain "weft models"
        }
    })
