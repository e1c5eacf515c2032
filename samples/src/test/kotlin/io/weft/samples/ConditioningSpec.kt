package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import javax.imageio.ImageIO

class ConditioningSpec :
    StringSpec({
        "each form of condition is used: the right one is worth bits" {
            val file = tempdir().toPath().resolve("conditions.png")
            val shown = compareConditions(steps = 150, sheet = file, say = {})
            shown shouldHaveSize 3
            shown.forAll {
                it.right shouldBeLessThan it.wrong - 0.01
                it.images shouldHaveSize 10
            }
            // A thumbnail says most, so the wrong one costs most.
            shown.minBy { it.right - it.wrong } shouldBe shown[2]
            ImageIO.read(file.toFile()).height shouldBe 4 * (2 + 4 * 14)
        }
    })
