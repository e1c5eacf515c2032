package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.doubles.shouldBeGreaterThanOrEqual
import io.kotest.matchers.doubles.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.weft.json.DefinitionJson
import io.weft.model.GatedPixelCnn
import io.weft.spec.ImageSpec
import java.io.File

/** The numbers of `weft bench sample` belong together, for any model. */
class BenchSampleSpec :
    StringSpec({
        val once = arrayOf("--rounds", "1", "--budget-seconds", "1", "--reference-pixels", "2")

        "compares the executors with a full pass and with the machine" {
            val json =
                weft(
                    "bench",
                    "sample",
                    *arrayOf("--size", "8", "--levels", "4", "--maps", "4", "--blocks", "1"),
                    *arrayOf("--batches", "1,3", "--executors", "jvm,tensorflow-without-xla"),
                    *once,
                ).json()
            json["batches"].map { it["batch"].asInt() } shouldBe listOf(1, 3)
            json["first_pixel_seconds"].asDouble() shouldBeGreaterThan 0.0
            if (File("/proc/self/status").exists()) {
                json["peak_resident_bytes"].asDouble() shouldBeGreaterThan 1e6
            }
            for (batch in json["batches"]) {
                batch["reference_extrapolated_from_pixels"].asInt() shouldBe 2
                val reference = batch["reference_microseconds_per_pixel"].asDouble()
                val floor = batch["floor_microseconds_per_pixel"].asDouble()
                for (name in listOf("jvm", "tensorflow-without-xla")) {
                    val executor = batch["executors"][name]
                    val pixel = executor["microseconds_per_pixel"].asDouble()
                    executor["ratio"].asDouble() shouldBe (reference / pixel).plusOrMinus(1e-6)
                    // Of one round, the best draw of it, and the best products that took as long.
                    val meanwhile = executor["floor_microseconds_per_pixel"].asDouble()
                    meanwhile shouldBeGreaterThanOrEqual floor
                    val least = executor["least_microseconds_per_pixel"].asDouble()
                    least shouldBeLessThanOrEqual pixel
                    executor["share_of_floor"].asDouble() shouldBe
                        (meanwhile / least).plusOrMinus(1e-9)
                }
            }
        }

        "measures the model of a definition's file, with its conditions" {
            val definition = tempfile("own", ".json")
            val model =
                GatedPixelCnn
                    .builder(ImageSpec(4, 5, 3, 4))
                    .name("own")
                    .blocks(1)
                    .maps(6)
                    .kernel(3)
                    .classCondition("kind", 3)
                    .vectorCondition("style", 2)
                    .build()
            DefinitionJson.standard().write(model, definition.toPath())
            val json =
                weft(
                    "bench",
                    "sample",
                    *arrayOf("--definition", definition.path),
                    *arrayOf("--batches", "2", "--executors", "jvm"),
                    *once,
                    "--profile",
                ).json()
            json["model"]["definition"].asText() shouldBe "own"
            json["model"]["width"].asInt() shouldBe 5
            val executors = json["batches"][0]["executors"]
            executors.fieldNames().asSequence().toList() shouldBe listOf("jvm")
            val parts = json["profiles"].single()["parts"]
            parts.map { it["kind"].asText() } shouldContainAll
                listOf("product", "elementwise", "moves", "draw", "waiting")
            parts.sumOf { it["share"].asDouble() } shouldBeGreaterThan 1 - 1e-6
        }
    })
