package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.order.GenerationOrder
import javax.imageio.ImageIO

class AnyOrderSpec :
    StringSpec({
        "one model scores and draws in many orders" {
            val folder = tempdir().toPath()
            val said = mutableListOf<String>()
            AnyOrder.drawnAndUsed(30, folder, said::add)
            val nats = said.filter { "nats" in it }.map { it.substringBefore(' ').toDouble() }
            nats shouldHaveSize 9
            nats.last() shouldBeLessThan nats.take(8).average() + 0.01
            said.single { "spiral:" in it } shouldContain "first pixels"
            listOf("hilbert", "spiral", "hilbert-drawn", "spiral-drawn").forAll {
                (ImageIO.read(folder.resolve("$it.png").toFile()).width > 100) shouldBe true
            }
        }

        "the spiral goes inwards" {
            AnyOrder.spiral(3).toList() shouldBe listOf(0, 1, 2, 5, 8, 7, 6, 3, 4)
            GenerationOrder.of(12, 12, *AnyOrder.spiral(12)).rank(0) shouldBe 0
        }
    })
