package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.weft.data.EmbeddedDigits
import javax.imageio.ImageIO

class CodesSpec :
    StringSpec({
        "priors over codes train and draw, in Kotlin and in Java" {
            val folder = tempdir().toPath()
            val said = mutableListOf<String>()
            codes(160, 2, folder.resolve("kotlin.png"), said::add)
            JavaCodes.codes(160, 2, folder.resolve("java.png"), said::add)
            val bits =
                said.filter { "bits" in it }.map {
                    it
                        .substringAfter(
                            ": ",
                        ).substringBefore(' ')
                }
            bits.size shouldBe 6
            bits.forEach { it.toDouble() shouldBeLessThan 9.2 }
            listOf("kotlin", "java").forEach {
                ImageIO.read(folder.resolve("$it.png").toFile()).height shouldBe 2 * (5 * 34 + 2)
            }
        }

        "what is coded is near what was there" {
            val images = PatchCodes.pixels(EmbeddedDigits.count(60).size(32).seed(1).grey())
            val codes = PatchCodes.fit(images, 4, 512, 1)
            val errors =
                images.mapIndexed { i, image ->
                    val again = codes.decode(codes.encode(images).image(i))
                    PatchCodes.sum(image, -1, again).sumOf { (it * it).toDouble() } / image.size
                }
            errors.average() shouldBeLessThan 0.005
        }
    })
