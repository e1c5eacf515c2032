package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.engine.Device
import io.weft.expression.Span
import io.weft.json.LayerCatalog
import io.weft.layer.MaskType
import io.weft.model.ImageGpt
import io.weft.model.PixelSnail
import io.weft.order.GenerationOrder
import io.weft.prove.CausalityException
import io.weft.spec.Condition
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList

/** Attention to what is earlier, from Kotlin. */
class AttentionSpec :
    StringSpec({

        val definition =
            pixelModel("attending") {
                val x = image(ImageSpec(8, 8, 1, 4), listOf(GenerationOrder.hilbert(8, 8)))
                val first = x.causalConv(maps = 8, kernel = 3, type = MaskType.A)
                val seen = concat(first, x)
                val found =
                    first.causalAttention(
                        keys = seen.conv1x1(8),
                        values = seen.conv1x1(8),
                        heads = 2,
                        name = "look-back",
                    )
                softmax((first + found).elu().conv1x1(4))
            }

        "is trained, sampled, saved and loaded" {
            val folder = tempdir().toPath().resolve("model")
            Model.initial(definition, 1).use { model ->
                val before = model.score(Tiny.UNLABELLED).bitsPerDimension()
                model.trainSuspending(Tiny.UNLABELLED, seed = 1) { steps = 25 }
                model.score(Tiny.UNLABELLED).bitsPerDimension() shouldBeLessThan before
                model.save(folder)
                Model.load(folder, LayerCatalog.standard(), Device.jvm()).use { loaded ->
                    loaded.definition() shouldBe definition
                    loaded.sampleImages(count = 3, seed = 4).toList() shouldBe
                        model.sampleImages(count = 3, seed = 4).toList()
                }
            }
        }

        "families are what Java's builders make" {
            val image = ImageSpec(6, 6, 1, 4)
            pixelSnail(image) {
                blocks(1)
                maps(4)
                classCondition("digit", 3)
            } shouldBe
                PixelSnail
                    .builder(image)
                    .blocks(1)
                    .maps(4)
                    .classCondition("digit", 3)
                    .build()
            val orders = listOf(GenerationOrder.hilbert(6, 6))
            imageGpt(image) {
                orders(orders)
                blocks(1)
                maps(6)
                heads(3)
            } shouldBe
                ImageGpt
                    .builder(image)
                    .orders(orders)
                    .blocks(1)
                    .maps(6)
                    .heads(3)
                    .build()
        }

        "to the own position of what sees it is refused, with what to do" {
            shouldThrow<CausalityException> {
                pixelModel("peeking") {
                    val x = image(ImageSpec(8, 8, 1, 4))
                    val first = x.causalConv(maps = 4, kernel = 3, type = MaskType.A)
                    val seen = concat(first, x).conv1x1(4)
                    softmax(first.causalAttention(seen, seen, span = Span.UP_TO_OWN).conv1x1(4))
                }
            }.message!! shouldContain "Attend there to earlier positions alone (Span.EARLIER)"
        }
    })
