package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.define.Definition
import io.weft.model.GatedPixelCnn
import io.weft.model.PixelCnn
import io.weft.spec.ImageSpec

/** How `--embedding` says a network reads the levels of an image, and what it does unasked. */
class EmbeddingSpec :
    StringSpec({
        val greys = ImageSpec(6, 6, 1, 4)
        val black = ImageSpec(6, 6, 1, 2)
        val colours = ImageSpec(6, 6, 3, 8)
        val codes = ImageSpec(6, 6, 1, 512)

        fun asked(
            kind: ModelKind,
            image: ImageSpec,
            asked: Int? = null,
        ): Definition =
            ModelOptions()
                .apply {
                    this.kind = kind
                    maps = 8
                    blocks = 1
                    embedding = asked
                }.definition(image, condition = null)

        fun gated(image: ImageSpec) = GatedPixelCnn.builder(image).maps(8).blocks(1).kernel(3)

        fun plain(image: ImageSpec) = PixelCnn.builder(image).maps(8).blocks(1).kernel(3)

        "a gated network reads greys as vectors, unless there are two" {
            asked(ModelKind.GATED, greys) shouldBe gated(greys).embedding(16).build()
            asked(ModelKind.GATED, black) shouldBe gated(black).build()
            asked(ModelKind.GATED, colours) shouldBe gated(colours).build()
        }

        "other networks do not" {
            asked(ModelKind.PIXELCNN, greys) shouldBe plain(greys).build()
        }

        "codes are vectors of as many numbers as there are maps" {
            asked(ModelKind.GATED, codes) shouldBe gated(codes).embedding(8).build()
            asked(ModelKind.PIXELCNN, codes) shouldBe plain(codes).embedding(8).build()
        }

        "what is asked for is done" {
            asked(ModelKind.GATED, greys, 0) shouldBe gated(greys).build()
            asked(ModelKind.GATED, colours, 5) shouldBe gated(colours).embedding(5).build()
            asked(ModelKind.PIXELCNN, codes, 0) shouldBe plain(codes).build()
        }

        "less than none is refused" {
            val ran = weft("train", "--embedding", "-1", "--data", "embedded", "--out", "never")
            ran.exitCode shouldBe ExitCode.USAGE
            ran.err shouldContain "--embedding=-1; expected 0 or more"
        }
    })
