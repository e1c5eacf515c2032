package io.weft.samples

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.weft.dsl.causalConv
import io.weft.dsl.horizontalConv
import io.weft.dsl.verticalConv
import io.weft.layer.MaskType
import io.weft.spec.DefinitionException

class WhatShiftsCanDoSpec :
    StringSpec({
        "the stacks' taps fill a rectangle, the full support's do not" {
            fillsRectangle { it.verticalConv(2, 5, MaskType.A) } shouldBe true
            fillsRectangle { it.horizontalConv(2, 5, MaskType.A) } shouldBe true
            fillsRectangle { it.causalConv(2, 5, MaskType.A) } shouldBe false
        }

        "two shifted convolutions make up the masked one" {
            differenceOfTwoShifted() shouldBeLessThan 1e-3
        }

        "only a mask orders the colours of a pixel" {
            coloursSeen { maskedColours(it) } shouldBe listOf(0, 1, 2)
            coloursSeen { shiftedColours(it) } shouldBe listOf(0, 0, 0)
            shouldThrow<DefinitionException> {
                // Shifted less, every colour sees all of its own pixel.
                coloursSeen { it.verticalConv(maps = 6, kernel = 3).shiftRight(1) }
            }
        }

        "one stream is blind on its other side, at any depth; two see all" {
            for (layers in listOf(2, 5, 11)) {
                seenAboveRight(oneStream(layers)) shouldBe layers + 1
            }
            seenAboveRight(oneStream(14)) shouldBe 12
            seenAboveRight(twoStreams(11)) shouldBe 84
        }
    })
