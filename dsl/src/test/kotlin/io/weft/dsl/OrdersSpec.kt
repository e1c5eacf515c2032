package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.doubles.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.layer.MaskType
import io.weft.model.LocallyMaskedPixelCnn
import io.weft.order.GenerationOrder
import io.weft.spec.DefinitionException
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList

/** Generation orders, from Kotlin. */
class OrdersSpec :
    StringSpec({
        val image = ImageSpec(8, 8, 1, 2)
        val eight = GenerationOrder.eight(GenerationOrder.sCurve(8, 8))

        fun declared() =
            pixelModel("any-order") {
                val x = image(image, eight)
                bernoulli(
                    x
                        .causalConv(maps = 6, kernel = 3, type = MaskType.A)
                        .relu()
                        .causalConv(maps = 6, kernel = 3)
                        .relu()
                        .conv1x1(maps = 1),
                )
            }

        "a model declares its orders" {
            val definition = declared()
            definition.orders() shouldBe eight
            definition.order() shouldBe eight[0]
            definition.servesEveryOrder() shouldBe true
        }

        "layers that go along rows are refused" {
            shouldThrow<DefinitionException> {
                pixelModel("rows") {
                    val x = image(image, eight)
                    softmax(x.verticalConv(maps = 2, kernel = 3, type = MaskType.A))
                }
            }.message shouldContain "Use convolutions of full support"
        }

        "the family is Java's" {
            locallyMaskedPixelCnn(image) {
                orders(eight)
                blocks(1)
                maps(6)
            } shouldBe
                LocallyMaskedPixelCnn
                    .builder(image)
                    .orders(eight)
                    .blocks(1)
                    .maps(6)
                    .build()
        }

        "trained, scored and sampled under orders" {
            val digits =
                EmbeddedDigits
                    .count(40)
                    .size(8)
                    .levels(2)
                    .seed(5)
                    .grey()
                    .unlabelled()
            Model.initial(declared(), 1).use { model ->
                declared()
                    .trainSuspending(Examples.of(digits), seed = 1) { steps = 3 }
                    .use { it.definition().orders() shouldBe eight }
                val scores = model.scoreEnsemble(Examples.of(digits))
                val each = List(8) { scores.under(it).meanNats() }
                scores.meanNats() shouldBeLessThanOrEqual each.average() + 1e-9
                val hilbert = GenerationOrder.hilbert(8, 8)
                val pixels = model.sample(count = 1, seed = 3) { order = hilbert }.toList()
                pixels shouldHaveSize 64
                pixels.map { it.row() * 8 + it.column() } shouldBe hilbert.positions().toList()
            }
        }
    })
