package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.pyramid.MultiScaleModel
import javax.imageio.ImageIO

class PyramidSpec :
    StringSpec({
        "each digit has its small image's pixels" {
            MultiScaleModel.initial(pyramid(), 1).use { model ->
                val sheet = drawn(model, 3)
                for (digit in 0 until 3) {
                    for (row in 0 until 16 step 4) {
                        for (column in 0 until 16 step 4) {
                            val x = 2 + 18 * digit + column
                            sheet.value(2 + row, x, 0) shouldBe sheet.value(20 + row, x, 0)
                        }
                    }
                }
            }
        }

        "it trains, streams scale after scale and writes the sheet" {
            val sheet = tempfile(suffix = ".png")
            val said = mutableListOf<String>()
            pyramids(1, sheet.toPath(), said::add)
            said[0] shouldContain "exact"
            said[1] shouldContain "16 pixels s 240 pixels l"
            ImageIO.read(sheet).width shouldBe 4 * (10 * 16 + 11 * 2)
        }
    })
