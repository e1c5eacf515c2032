package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.sample.SampledImage
import kotlinx.coroutines.flow.toList

class DisplaySpec :
    StringSpec({
        "images are shown by one call, with their labels" {
            val drawn =
                Tiny.model().use { model ->
                    model.sampleImages(count = 3, seed = 7) { label { it % 2 } }.toList()
                }
            val gallery = drawn.gallery { "label ${it.index() % 2} & more" }
            gallery.toString() shouldBe "gallery of label 0 & more, label 1 & more, label 0 & more"
            gallery.html() shouldContain "alt=\"label 1 &amp; more\""
            val (height, width) = drawn[0].spec().run { height() to width() }
            val factor = 96 / maxOf(height, width)
            gallery.sheet(3).width() shouldBe 2 + 3 * (width * factor + 2)
            gallery.sheet(3).value(2, 2, 0) shouldBe drawn[0].picture().value(0, 0, 0)
        }

        "no images cannot be shown" {
            shouldThrow<IllegalArgumentException> {
                emptyList<SampledImage>().gallery { "none" }
            }.message shouldBe "no pictures; expected at least one"
        }
    })
