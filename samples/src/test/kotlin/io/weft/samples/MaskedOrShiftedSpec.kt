package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.inspectors.forAll
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldNotBe
import io.weft.layer.ConvolutionForm
import io.weft.layer.Support

class MaskedOrShiftedSpec :
    StringSpec({
        "both forms give the same numbers" {
            Support.entries.forAll { support ->
                stackOf(support, ConvolutionForm.MASKED, 4) shouldNotBe
                    stackOf(support, ConvolutionForm.SHIFTED, 4)
                val compared = compareForms(support, maps = 4, rounds = 1)
                compared.difference shouldBeLessThan 1e-4
                listOf(compared.scoring, compared.training).forAll {
                    it.first shouldBeGreaterThan 0.0
                    it.second shouldBeGreaterThan 0.0
                }
            }
        }
    })
