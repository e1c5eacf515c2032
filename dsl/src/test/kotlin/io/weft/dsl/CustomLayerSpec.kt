package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.internal.tensorflow.ScoringProgram
import io.weft.internal.tensorflow.TensorFlowEngine
import io.weft.json.DefinitionJson
import io.weft.json.LayerCatalog
import io.weft.layer.MaskType
import io.weft.save.ModelFormatException
import io.weft.spec.ConditionValues
import io.weft.spec.DefinitionException
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList
import kotlin.math.max

/** Layers written outside the library are proven, trained, sampled and written as any other. */
class CustomLayerSpec :
    StringSpec({

        "are proven: what they read is known" {
            shouldThrow<DefinitionException> {
                pixelModel("leak") {
                    softmax(image(SPEC).layer(Above(0), name = "peek").conv1x1(4))
                }
            }.message!! shouldContain "peek reads image at (+0, +0)"
            shouldThrow<DefinitionException> {
                pixelModel("leak") {
                    val x = image(SPEC).causalConv(maps = 4, kernel = 3, type = MaskType.A)
                    softmax((x + x.layer(Above(-1), name = "below")).conv1x1(4))
                }
            }.message!! shouldContain "below reads conv3x3 at (+1, +0)"
        }

        "are trained, and score as they are trained" {
            Model.initial(DEFINITION, 1).use { model ->
                val before = model.score(EXAMPLES).bitsPerDimension()
                model.trainSuspending(EXAMPLES, seed = 2) {
                    epochs = 8
                    adam(rate = 1e-2)
                }
                model.score(EXAMPLES).bitsPerDimension() shouldBeLessThan before
            }
        }

        "are sampled one pixel at a time as the whole network says" {
            Model.initial(DEFINITION, 1).use { model ->
                model.trainSuspending(EXAMPLES, seed = 2) { steps = 5 }
                val expected =
                    ScoringProgram
                        .of(
                            DEFINITION,
                            model.weights(),
                            TensorFlowEngine.on(Device.cpu()),
                        ).use {
                            it.output(EXAMPLES, 0, 1)
                        }
                val levels = SPEC.levels()
                model
                    .sampler(
                        count = 2,
                        seed = 1,
                    ) { label { EXAMPLES.images().label(it) } }
                    .run()
                    .use { run ->
                        while (!run.isDone) {
                            val position = run.position()
                            repeat(2) { image ->
                                val from = (image * SPEC.pixels() + position) * levels
                                val whole = expected.copyOfRange(from, from + levels)
                                run.parameters(image).zip(whole) { found, full ->
                                    found.toDouble() shouldBe
                                        (full.toDouble() plusOrMinus 1e-4 * max(1f, full))
                                }
                                run.force(image, EXAMPLES.images().levelAt(image, position))
                            }
                            run.advance()
                        }
                    }
            }
        }

        "stream" {
            Model.initial(DEFINITION, 1).use { model ->
                val pixels = model.sample(count = 2, seed = 1) { label { it } }.toList()
                pixels.size shouldBe 2 * SPEC.pixels()
            }
        }

        "are written as JSON and read back, once they are in the catalog" {
            val json = DefinitionJson(CATALOG)
            val text = json.write(DEFINITION)
            json.read(text) shouldBe DEFINITION
            text shouldContain "\"slope\": 1.5"
            shouldThrow<IllegalArgumentException> { DefinitionJson.standard().write(DEFINITION) }
                .message!! shouldContain "catalog.with(\"my-layer\", Corner.class)"
        }

        "are saved, loaded, sampled the same and trained further" {
            val folder = tempdir().toPath().resolve("model")
            Model.initial(DEFINITION, 1).use { model ->
                model.trainSuspending(EXAMPLES, seed = 2) { steps = 3 }
                model.save(folder, CATALOG)
                Model.load(folder, CATALOG, Device.cpu()).use { loaded ->
                    loaded.definition() shouldBe DEFINITION
                    loaded.sampleImages(count = 3, seed = 4) { label { it } }.toList() shouldBe
                        model.sampleImages(count = 3, seed = 4) { label { it } }.toList()
                    loaded.trainSuspending(EXAMPLES, seed = 2) { steps = 1 }.firstStep() shouldBe 3
                }
                shouldThrow<ModelFormatException> { Model.load(folder) }
                    .message!! shouldContain "load it with their catalog"
            }
        }
    }) {
    private companion object {
        val CATALOG: LayerCatalog =
            LayerCatalog
                .standard()
                .with("swish", Swish::class.java)
                .with("corner", Corner::class.java)
                .with("above", Above::class.java)
        val DIGITS: ImageSet =
            EmbeddedDigits
                .count(64)
                .size(8)
                .levels(4)
                .seed(3)
                .grey()
        val SPEC: ImageSpec = DIGITS.spec()
        val EXAMPLES: Examples = Examples.labelled(DIGITS, "digit")
        val DEFINITION: Definition =
            pixelModel("custom") {
                val x = image(SPEC)
                val digit = classCondition("digit", count = 10)
                val start = concat(x.layer(Corner(6)), x.layer(Above(2), name = "two-up"))
                val seen = start.swish().causalConv(maps = 8, kernel = 3, type = MaskType.B)
                softmax(
                    seen
                        .conditionedOn(digit)
                        .swish(slope = 1.5f)
                        .layer(Corner(8))
                        .conv1x1(4),
                )
            }

        fun ImageSet.levelAt(
            image: Int,
            position: Int,
        ): Int = level(image, position / width(), position % width(), 0)
    }
}
