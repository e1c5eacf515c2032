package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.sample.Pixel
import javax.imageio.ImageIO

class CompletionSpec :
    StringSpec({
        "the hole is filled, and nothing else is touched" {
            Model.initial(anyOrder(), 1).use { model ->
                val shown = mutableListOf<Pixel>()
                val sheet = completed(model, whole(count = 2, seed = 3), shown::add)
                shown shouldHaveSize 2 * 36
                shown.forEach { HOLE.isKnown(it.row(), it.column()) shouldBe false }
                sheet.height() shouldBe 2 * 16 + 3 * 2
                for (row in 0 until 2) {
                    for (way in 1 until 10) {
                        for (position in 0 until DIGIT.pixels()) {
                            val y = 2 + 18 * row + position / 16
                            if (HOLE.isKnown(position)) {
                                sheet.value(y, 2 + 18 * way + position % 16, 0) shouldBe
                                    sheet.value(y, 2 + position % 16, 0)
                            }
                        }
                    }
                }
            }
        }

        "it trains, completes and writes the sheet" {
            val sheet = tempfile(suffix = ".png")
            val said = mutableListOf<String>()
            completion(1, sheet.toPath(), said::add)
            said[0] shouldContain "drew 216 missing pixels, 36 of each digit's 256"
            said[1] shouldContain "nats on average"
            ImageIO.read(sheet).width shouldBe 4 * (10 * 16 + 11 * 2)
        }
    })
