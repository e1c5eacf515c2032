package io.weft.samples.cli

import com.fasterxml.jackson.databind.JsonNode
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.doubles.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.weft.json.DefinitionJson
import io.weft.model.GatedPixelCnn
import io.weft.spec.ImageSpec

/** The numbers of `weft bench compress` belong together, for any model. */
class BenchCompressSpec :
    StringSpec({
        val parts = listOf("sampling", "decoding", "encoding")

        fun microseconds(part: JsonNode) = part["microseconds_per_pixel"].asDouble()

        fun leastMicroseconds(part: JsonNode) = part["least_microseconds_per_pixel"].asDouble()

        "compares decoding and encoding with sampling" {
            val json =
                weft(
                    "bench",
                    "compress",
                    *arrayOf("--size", "8", "--channels", "3", "--levels", "4", "--maps", "6"),
                    *arrayOf("--blocks", "1", "--classes", "3", "--batches", "1,9"),
                    *arrayOf("--rounds", "1", "--budget-seconds", "0"),
                ).json()
            json["batches"].map { it["batch"].asInt() } shouldBe listOf(1, 9)
            json["batches"].map { it["blocks"].asInt() } shouldBe listOf(1, 2)
            for (batch in json["batches"]) {
                val image = 64 / 1e6 / batch["batch"].asDouble()
                for (name in parts) {
                    val part = batch[name]
                    part["seconds_per_image"].asDouble() shouldBe
                        (microseconds(part) * image).plusOrMinus(1e-9)
                    leastMicroseconds(part) shouldBeLessThanOrEqual microseconds(part)
                    leastMicroseconds(part) shouldBeGreaterThan 0.0
                }
                for (name in parts.drop(1)) {
                    batch[name]["least_times_sampling"].asDouble() shouldBe
                        (leastMicroseconds(batch[name]) / leastMicroseconds(batch["sampling"]))
                            .plusOrMinus(1e-6)
                }
            }
        }

        "measures the model of a definition's file, with all kinds of conditions" {
            val definition = tempfile("own", ".json")
            val model =
                GatedPixelCnn
                    .builder(ImageSpec(4, 5, 1, 4))
                    .name("own")
                    .blocks(1)
                    .maps(6)
                    .kernel(3)
                    .classCondition("kind", 3)
                    .vectorCondition("style", 2)
                    .spatialCondition("map", 1)
                    .build()
            DefinitionJson.standard().write(model, definition.toPath())
            val ran =
                weft(
                    "bench",
                    "compress",
                    *arrayOf("--definition", definition.path, "--batches", "2"),
                    *arrayOf("--block", "1", "--rounds", "1", "--budget-seconds", "0"),
                )
            val json = withClue(ran) { ran.json() }
            json["model"]["definition"].asText() shouldBe "own"
            json["rounds"].asInt() shouldBe 1
            val batch = json["batches"][0]
            batch["blocks"].asInt() shouldBe 2
            // One round: the ratio of all is its own.
            batch["decoding"]["times_sampling"].asDouble() shouldBe
                (microseconds(batch["decoding"]) / microseconds(batch["sampling"]))
                    .plusOrMinus(1e-6)
        }
    })
