package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.property.Arb
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import io.weft.define.Definition
import io.weft.define.ModelBuilder
import io.weft.distribution.Distribution
import io.weft.expression.Shape
import io.weft.layer.CausalConvolution
import io.weft.layer.ColourGroups
import io.weft.layer.Concat
import io.weft.layer.Convolution
import io.weft.layer.ConvolutionForm
import io.weft.layer.Feature
import io.weft.layer.MaskType
import io.weft.layer.Pointwise
import io.weft.layer.ShiftDirection.DOWN_RIGHT
import io.weft.layer.ShiftedConvolution
import io.weft.layer.TransposedConvolution
import io.weft.layer.TransposedShiftedConvolution
import io.weft.model.GatedPixelCnn
import io.weft.model.Head
import io.weft.model.PixelCnn
import io.weft.model.PixelCnnPlusPlus
import io.weft.model.VerticalForm
import io.weft.spec.Condition
import io.weft.spec.DefinitionException
import io.weft.spec.ImageSpec

/** What Kotlin declares is what Java declares: the same [Definition]. */
class DeclarationSpec :
    StringSpec({

        "a stack of layers is the Java builder's" {
            val kotlin =
                pixelModel("plain") {
                    val x = image(height = 6, width = 5, channels = 1, levels = 4)
                    val first =
                        x.causalConv(
                            maps = 8,
                            kernel = 3,
                            type = MaskType.A,
                            name = "first",
                        )
                    val body = first.relu().causalConv(maps = 8, kernel = 3, dilation = 2).elu()
                    softmax(body.conv1x1(maps = 4, name = "logits"))
                }
            val model = ModelBuilder.of("plain", ImageSpec(6, 5, 1, 4))
            val first = model.image().apply("first", CausalConvolution.square(8, 3, MaskType.A))
            val second = CausalConvolution.square(8, 3, MaskType.B).withDilation(2)
            val body = first.relu().apply(second).elu()
            kotlin shouldBe model.softmax(body.apply("logits", Pointwise.of(4)))
        }

        "what a condition is brought to finer grids with is the Java builder's" {
            val kotlin =
                pixelModel("growing") {
                    val x = image(height = 7, width = 6, channels = 1, levels = 4)
                    val small = condition(Condition.Spatial("small", 2, 2, 1))
                    val twice =
                        small
                            .conv(
                                maps = 5,
                            ).layerNormalisation()
                            .upConv(maps = 4, stride = 2)
                    val grown =
                        twice
                            .conv(
                                3,
                                kernel = 5,
                                name = "wide",
                            ).upConv(3, 2, kernel = 3, like = x)
                    val first = x.causalConv(maps = 8, kernel = 3, type = MaskType.A)
                    softmax(first.conditionedOn(grown).relu().conv1x1(4))
                }
            val model = ModelBuilder.of("growing", ImageSpec(7, 6, 1, 4))
            val x = model.image()
            val small = model.condition(Condition.Spatial("small", 2, 2, 1))
            val twice = small.conv(5, 3).layerNormalisation().upConv(4, 2)
            val grown =
                twice
                    .apply("wide", Convolution.square(3, 5))
                    .apply(TransposedConvolution(3, 3, 2), x)
            val first = x.causalConv(8, 3, MaskType.A)
            kotlin shouldBe model.softmax(first.conditionedOn(grown).relu().conv1x1(4))
        }

        "every layer function is the Java layer" {
            val groups = ColourGroups.of(3)
            val kotlin =
                onColour {
                    val a =
                        it.causalConv(
                            maps = 6,
                            kernel = 3,
                            type = MaskType.A,
                            colours = colours,
                            form = ConvolutionForm.MASKED,
                        )
                    val v = it.verticalConv(maps = 6, kernel = 3, dilation = 2).shiftDown(1)
                    val f = it.factoredVerticalConv(6, 3).shiftDown(1)
                    val h =
                        it.horizontalConv(
                            maps = 6,
                            kernel = 5,
                            type = MaskType.A,
                            dilation = 2,
                            colours = colours,
                            form = ConvolutionForm.MASKED,
                        )
                    val all = sum(listOf(a, v, f, h)) + h
                    val (left, right) = all.concatElu().split(2)
                    val wide = concat(left.tanh(), right.sigmoid().dropout(0.25))
                    wide
                        .gate()
                        .batchNormalisation()
                        .conv1x1(maps = 12, bias = Pointwise.Bias.NONE, colours = colours)
                }
            val java =
                onColour {
                    val a =
                        it.apply(
                            CausalConvolution
                                .square(6, 3, MaskType.A)
                                .withColours(groups)
                                .withForm(ConvolutionForm.MASKED),
                        )
                    val vertical = CausalConvolution.vertical(6, 3, 3, MaskType.B).withDilation(2)
                    val v = it.apply(vertical).shiftDown(1)
                    val f =
                        it
                            .apply(CausalConvolution.vertical(6, 1, 3, MaskType.B))
                            .apply(CausalConvolution.vertical(6, 3, 1, MaskType.B))
                            .shiftDown(1)
                    val h =
                        it.apply(
                            CausalConvolution
                                .horizontal(6, 5, MaskType.A)
                                .withDilation(2)
                                .withColours(groups)
                                .withForm(ConvolutionForm.MASKED),
                        )
                    val all = Feature.sum(listOf(a, v, f, h)).plus(h).concatElu()
                    val wide =
                        all.slice(0, 6).let { left ->
                            val right = all.slice(6, 6)
                            left.tanh().apply(Concat(), right.sigmoid().dropout(0.25))
                        }
                    wide
                        .gate()
                        .batchNormalisation()
                        .apply(Pointwise.of(12).withoutBias().withColours(groups))
                }
            kotlin shouldBe java
        }

        "defaults are the core's" {
            checkAll(
                20,
                Arb.int(1..8),
                Arb.element(1, 3, 5),
                Arb.element(MaskType.A, MaskType.B),
            ) { maps, kernel, type ->
                onGrey { m ->
                    val x = m.causalConv(2, 3, MaskType.A)
                    sum(
                        listOf(
                            x.causalConv(maps, kernel + 2, type = type),
                            x.verticalConv(maps, kernel + 2, type = type).shiftDown(1),
                            x.horizontalConv(maps, kernel + 2, type = type),
                            x.conv1x1(maps = maps),
                        ),
                    ).conv1x1(4)
                } shouldBe
                    onGrey { m ->
                        val x = m.apply(CausalConvolution.square(2, 3, MaskType.A))
                        Feature
                            .sum(
                                listOf(
                                    x.causalConv(maps, kernel + 2, type),
                                    x.verticalConv(maps, kernel + 2, type).shiftDown(1),
                                    x.horizontalConv(maps, kernel + 2, type),
                                    x.conv1x1(maps),
                                ),
                            ).conv1x1(4)
                    }
            }
        }

        "blocks are ordinary functions, residual adds its input once" {
            fun ModelScope.bottleneck(x: Feature): Feature =
                block("residual") {
                    x.residual {
                        relu()
                            .conv1x1(maps / 2)
                            .relu()
                            .causalConv(maps / 2, kernel = 3)
                            .relu()
                            .conv1x1(maps)
                    }
                }
            pixelModel("pixelcnn") {
                var h = image(GREY).causalConv(maps = 8, kernel = 7, type = MaskType.A)
                repeated(3) { h = bottleneck(h) }
                softmax(head(h, maps = 8))
            } shouldBe PixelCnn.of(GREY, 3, 4, 3)
        }

        "the gated blocks wired by hand are the family" {
            val wired =
                pixelModel("gated-pixelcnn") {
                    val x = image(GREY)
                    val digit = classCondition("class", count = 10)
                    val first =
                        gatedBlock(
                            twoStacks(x),
                            maps = 6,
                            kernel = 7,
                            type = MaskType.A,
                            conditions = listOf(digit),
                        )
                    var stacks = first.stacks
                    val skips =
                        repeated(1) {
                            val block = gatedBlock(stacks, maps = 6, conditions = listOf(digit))
                            stacks = block.stacks
                            block.skip
                        }
                    val last = lastGatedBlock(stacks, maps = 6, conditions = listOf(digit))
                    softmax(head(sum(listOf(first.skip) + skips + last), maps = 6))
                }
            wired shouldBe GatedPixelCnn.classConditional(GREY, 10, 2, 6, 3)
            wired shouldBe
                gatedPixelCnn(GREY) {
                    blocks(2)
                    maps(6)
                    classCondition("class", 10)
                }
        }

        "families take every option that Java's builders take" {
            val binary = ImageSpec(7, 7, 1, 2)
            gatedPixelCnn(binary) {
                name("all")
                blocks(1)
                maps(4)
                kernel(5)
                firstKernel(3)
                vertical(VerticalForm.FACTORED)
                distribution(Distribution.bernoulli())
                conditionedOn(
                    listOf(
                        Condition.OneOf("class", 3),
                        Condition.Vector("style", 2),
                        Condition.Spatial("map", 7, 7, 2),
                    ),
                )
            } shouldBe
                GatedPixelCnn
                    .builder(binary)
                    .name("all")
                    .blocks(1)
                    .maps(4)
                    .kernel(5)
                    .firstKernel(3)
                    .vertical(VerticalForm.FACTORED)
                    .distribution(Distribution.bernoulli())
                    .classCondition("class", 3)
                    .vectorCondition("style", 2)
                    .spatialCondition("map", 2)
                    .build()
            val style = Condition.Vector("style", 2)
            pixelCnn(GREY) {
                name("p")
                blocks(1)
                maps(4)
                kernel(5)
                firstKernel(3)
                conditionedOn(listOf(style))
            } shouldBe
                PixelCnn
                    .builder(GREY)
                    .name("p")
                    .blocks(1)
                    .maps(4)
                    .kernel(5)
                    .firstKernel(3)
                    .conditionedOn(style)
                    .build()
            textbookPixelCnn(binary) {
                name("t")
                blocks(2)
                maps(4)
                kernel(5)
                firstKernel(3)
                distribution(Distribution.bernoulli())
                conditionedOn(listOf(style))
            } shouldBe
                PixelCnn
                    .textbookBuilder(binary)
                    .name("t")
                    .blocks(2)
                    .maps(4)
                    .kernel(5)
                    .firstKernel(3)
                    .distribution(Distribution.bernoulli())
                    .conditionedOn(style)
                    .build()
        }

        "PixelCNN++ takes every option that Java's builder takes" {
            val colour = ImageSpec(5, 7, 3, 16)
            pixelCnnPlusPlus(colour) {
                name("pp")
                blocks(1)
                maps(4)
                components(2)
                dropout(0.25)
                kernel(5)
                classCondition("class", 3)
            } shouldBe
                PixelCnnPlusPlus
                    .builder(colour)
                    .name("pp")
                    .blocks(1)
                    .maps(4)
                    .components(2)
                    .dropout(0.25)
                    .kernel(5)
                    .classCondition("class", 3)
                    .build()
        }

        "two streams of PixelCNN++, wired by hand" {
            val wired =
                pixelModel("streams") {
                    val x = image(height = 5, width = 7, channels = 1, levels = 8).onesChannel()
                    val start = x.downShiftedConv(maps = 4).shiftDown(1)
                    val left = x.downRightShiftedConv(maps = 4, kernelWidth = 1).shiftRight(1)
                    val u = gatedResidual(start, ShiftedConvolution.down(4, 2, 3), dropout = 0.0)
                    val ul =
                        gatedResidual(
                            start + left,
                            ShiftedConvolution.downRight(4, 2, 2),
                            aside = u.concatElu(),
                        )
                    val half = ul.downRightShiftedConv(maps = 3, stride = 2, name = "half")
                    half.shape() shouldBe Shape(3, 4, 3)
                    val up = TransposedShiftedConvolution(4, 2, 2, DOWN_RIGHT, 2, 1.0)
                    logisticMixture(half.layer(up, ul).residualGate(ul.conv1x1(8)).conv1x1(6), 2)
                }
            wired.distribution() shouldBe Distribution.logisticMixture(2)
            wired.graph().nodes().count { "dropout" in it.name() } shouldBe 1
        }

        "family defaults are the core's" {
            pixelCnnPlusPlus(GREY) shouldBe PixelCnnPlusPlus.builder(GREY).build()
            gatedPixelCnn(GREY) shouldBe GatedPixelCnn.builder(GREY).build()
            pixelCnn(GREY) shouldBe PixelCnn.builder(GREY).build()
            textbookPixelCnn(GREY) shouldBe PixelCnn.textbookBuilder(GREY).build()
        }

        "three kinds of conditions, and any" {
            pixelModel("conditional") {
                val x = image(GREY).causalConv(maps = 4, kernel = 3, type = MaskType.A)
                val given =
                    listOf(
                        classCondition("class", count = 3),
                        vectorCondition("style", size = 2),
                        spatialCondition("map", maps = 2),
                        condition(Condition.Vector("more", 1)),
                    )
                softmax(x.conditionedOn(given).conv1x1(4))
            }.conditions().map { it.name() } shouldBe listOf("class", "style", "map", "more")
        }

        "any distribution ends a model" {
            val spec = ImageSpec(4, 4, 1, 2)
            val one =
                pixelModel("m") {
                    bernoulli(image(spec).causalConv(maps = 1, kernel = 3, type = MaskType.A))
                }
            one shouldBe
                pixelModel("m") {
                    val x = image(spec).causalConv(maps = 1, kernel = 3, type = MaskType.A)
                    output(x, Distribution.bernoulli())
                }
            one.distribution() shouldBe Distribution.bernoulli()
        }

        "Java's functions of a builder serve as blocks" {
            pixelModel("m") {
                image(GREY)
                softmax(
                    Head.logits(builder, PixelCnn.first(builder, 4, 3), 4, Distribution.softmax()),
                )
            }.image() shouldBe GREY
        }

        "images come first and once" {
            shouldThrow<DefinitionException> {
                pixelModel("m") {
                    classCondition("digit", count = 10)
                    softmax(image(GREY))
                }
            }.message shouldBe
                "model \"m\": the images are not known yet; call image(...) first"
            shouldThrow<DefinitionException> {
                pixelModel("m") {
                    image(GREY)
                    softmax(image(COLOUR))
                }
            }.message shouldContain "8x8x1, 4 levels already"
        }

        "a leak is refused, with Java's message" {
            fun leak(build: () -> Definition) = shouldThrow<DefinitionException> { build() }.message
            val kotlin =
                leak {
                    onGrey { it.causalConv(maps = 4, kernel = 3, name = "first") }
                }
            val java =
                leak {
                    val model = ModelBuilder.of("m", GREY)
                    val first = CausalConvolution.square(4, 3, MaskType.B)
                    model.softmax(model.image().apply("first", first))
                }
            kotlin shouldBe java
            kotlin!! shouldContain "first reads image at (+0, +0)"
        }

        "an unshifted vertical link and a wrong colour group are named" {
            shouldThrow<DefinitionException> {
                pixelModel("m") {
                    val block = gatedBlock(twoStacks(image(GREY)), maps = 4, type = MaskType.A)
                    val unshifted = block.stacks.vertical.conv1x1(maps = 4, name = "unshifted")
                    val next = gatedBlock(block.stacks, maps = 4)
                    softmax((unshifted + next.skip).conv1x1(4))
                }
            }.message!! shouldContain "unshifted"
            shouldThrow<DefinitionException> {
                onColour {
                    it
                        .causalConv(maps = 6, kernel = 3, type = MaskType.A, colours = colours)
                        .conv1x1(maps = 12, name = "head")
                }
            }.message!! shouldContain "head reads conv3x3"
        }

        "an unread condition is refused" {
            shouldThrow<DefinitionException> {
                pixelModel("m") {
                    val x = image(GREY).causalConv(maps = 4, kernel = 3, type = MaskType.A)
                    classCondition("digit", count = 10)
                    softmax(x)
                }
            }.message!! shouldContain "condition \"digit\" reaches no output"
        }
    }) {
    private companion object {
        val GREY = ImageSpec(8, 8, 1, 4)
        val COLOUR = ImageSpec(6, 6, 3, 4)

        fun onGrey(logits: ModelScope.(Feature) -> Feature): Definition =
            pixelModel("m") { softmax(logits(image(GREY))) }

        fun onColour(logits: ModelScope.(Feature) -> Feature): Definition =
            pixelModel("m") { softmax(logits(image(COLOUR))) }
    }
}
