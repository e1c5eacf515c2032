package io.weft.dsl

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.exchange.Tensor
import io.weft.exchange.TensorFile
import io.weft.layer.MaskType

/** A network of another program, declared again, with its weights. */
class WeightMappingSpec :
    StringSpec({
        "a mapping is a lambda" {
            val file = tempdir().toPath().resolve("torch.safetensors")
            val filled = { value: Float, sizes: List<Int> ->
                Tensor.of(sizes, *FloatArray(sizes.reduce(Int::times)) { value })
            }
            TensorFile.writeSafetensors(
                file,
                linkedMapOf(
                    "net.0.weight" to filled(1f, listOf(2, 1, 3, 3)),
                    "net.0.bias" to filled(2f, listOf(2)),
                    "net.1.weight" to filled(3f, listOf(2, 4)),
                    "both" to filled(4f, listOf(8)),
                    "unused" to filled(5f, listOf(1)),
                ),
            )
            val definition =
                pixelModel("small") {
                    val first =
                        image(
                            4,
                            4,
                            channels = 1,
                            levels = 4,
                        ).causalConv(2, 3, MaskType.A, name = "first")
                    softmax(first.conv1x1(4, name = "out"))
                }
            // region weights
            val mapping =
                weightMapping {
                    "first" torch "net.0"
                    "out/kernel" takes "net.1.weight"
                    "out/bias" from { read("both").part(0, 4, 8) }
                    leaveOut("unused")
                }
            val imported =
                readDataSuspending { mapping.apply(definition, TensorFile.open(file)) }
            // endregion
            Model.of(definition, imported.weights()).use { model ->
                val weights = model.weights()
                weights.names().map { it to weights.values(it).toSet() } shouldBe
                    listOf(
                        "first/kernel" to setOf(1f),
                        "first/bias" to setOf(2f),
                        "out/kernel" to setOf(3f),
                        "out/bias" to setOf(4f),
                    )
            }
            imported.leftOut() shouldBe listOf("unused")
        }

        "the rest goes by name, and lines are taken too" {
            val mapping =
                weightMapping {
                    lines("first = torch(a)")
                    restByName()
                }
            mapping.javaClass.simpleName shouldBe "WeightMapping"
        }
    })
