package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import javax.imageio.ImageIO

class BlindSpotsSpec :
    StringSpec({
        "one stack is blind at every depth, two are not" {
            for (blocks in 1..16) {
                val blind = blindSpot(plain(blocks))
                // The neighbour of the neighbour above on the right: never seen.
                blind.values().any { it.row() == 12 && it.column() == 10 } shouldBe true
                blindSpot(gated(blocks)).isEmpty shouldBe true
            }
        }

        "a picture of both, side by side" {
            val file = tempdir().toPath().resolve("blind.png")
            val said = mutableListOf<String>()
            compareBlindSpots(file, said::add)
            said.filter { "plain" in it && "blind to  0" !in it } shouldHaveSize 3
            said.filter { "gated" in it && "blind to  0" in it } shouldHaveSize 3
            val picture = ImageIO.read(file.toFile())
            picture.width shouldBeGreaterThan picture.height
        }
    })
