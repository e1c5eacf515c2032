package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.weft.samples.Repository.ROOT
import java.awt.image.BufferedImage
import javax.imageio.ImageIO
import kotlin.io.path.div

/** The guide shows what the sample draws; draw the pictures again if a change is meant. */
class ConceptsSpec :
    StringSpec({
        for ((name, draw) in CONCEPTS) {
            "the guide's picture of $name is what the sample draws" {
                val drawn = ImageIO.read(draw().toPng().inputStream())
                val shown = ImageIO.read((ROOT / "core/docs/$name.png").toFile())
                pixels(shown) shouldBe pixels(drawn)
            }
        }
    })

private fun pixels(image: BufferedImage): List<List<Int>> =
    List(
        image.height,
    ) { row -> image.getRGB(0, row, image.width, 1, null, 0, image.width).toList() }
