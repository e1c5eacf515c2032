package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.complete.Half
import io.weft.complete.KnownPixels
import io.weft.complete.PixelMask
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.json.LayerCatalog
import io.weft.layer.CausalConvolution
import io.weft.layer.ColourGroups
import io.weft.layer.Feature
import io.weft.layer.MaskType
import io.weft.model.GatedPixelCnn
import io.weft.optimise.RateSchedule
import io.weft.order.GenerationOrder
import io.weft.prove.BlindSpot
import io.weft.prove.CausalityException
import io.weft.prove.ReceptiveField
import io.weft.prove.Remedy
import io.weft.sample.SamplingExecutor
import io.weft.spec.Condition
import io.weft.spec.ImageSpec
import io.weft.train.TrainingEvent
import io.weft.watch.HistoryRecorder
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.minutes

/** The code of the guide in Kotlin; each region stands in dsl/README.md. */
class GuideSpec :
    StringSpec({
        "families are declared by functions" {
            // region families
            val digits =
                gatedPixelCnn(ImageSpec(16, 16, 1, 4)) {
                    name("digits")
                    blocks(5)
                    maps(32)
                    classCondition("digit", 10)
                }
            // endregion
            digits shouldBe
                GatedPixelCnn
                    .builder(ImageSpec(16, 16, 1, 4))
                    .name("digits")
                    .blocks(5)
                    .maps(32)
                    .classCondition("digit", 10)
                    .build()
        }

        "blocks are functions of features, and the proof is a value" {
            val definition = residualModel()
            // region prove
            val field = ReceptiveField.ofOutput(definition.proof(), 8, 8, 0)
            val blind = BlindSpot.of(definition.proof(), 8, 8, 0)
            println("pixel (8, 8) sees $field; blind spot: $blind")
            // endregion
            field.rowsAbove() shouldBe 5
            blind.isEmpty shouldBe false
        }

        "colours in parts, and a leak of them as data" {
            // region colours
            val colour =
                pixelModel("colour") {
                    val x = image(height = 8, width = 8, channels = 3, levels = 4)
                    val halves =
                        x.causalConv(
                            32,
                            3,
                            MaskType.A,
                            colours = colours.withOutputParts(2),
                        )
                    val twice = halves.gate().concatElu()
                    val joined = twice.conv1x1(maps = 16, colours = colours.withInputParts(2))
                    softmax(joined.conv1x1(maps = 12, colours = colours))
                }
            // endregion
            ReceptiveField.ofOutput(colour.proof(), 4, 4, 2).channelsSeen(4, 4) shouldBe 2
            val refused =
                shouldThrow<CausalityException> {
                    pixelModel("one-part") {
                        val x = image(height = 8, width = 8, channels = 3, levels = 4)
                        val first =
                            x.causalConv(
                                32,
                                3,
                                MaskType.A,
                                colours = colours,
                                name = "first",
                            )
                        softmax(first.gate().conv1x1(maps = 12, colours = colours))
                    }
                }
            refused.leak().layer() shouldBe "gate"
            val change = refused.leak().remedies().single().changes().single()
            change.layer() shouldBe "first"
            ((change as Remedy.Replace).by() as CausalConvolution).colours() shouldBe
                ColourGroups.of(3).withOutputParts(2)
        }

        "training suspends, or is a flow" {
            Model.initial(DEFINITION, 1).use { model ->
                val recorder = HistoryRecorder(1)
                // region train
                val progress: suspend (TrainingEvent) -> Unit = {
                    if (it is TrainingEvent.Validated) {
                        println("epoch ${it.epoch()}: ${it.validationBits()} bits per dimension")
                    }
                }
                val record =
                    model.trainSuspending(TRAIN, seed = 1, onEvent = progress) {
                        epochs = 3
                        batch = 8
                        adam(RateSchedule.WarmUp(5, RateSchedule.constant(5e-3)))
                        clipNorm = 1.0
                        validateOn(TEST)
                        stopEarly = 2
                        listen(recorder)
                    }
                // endregion
                record.validations().size shouldBe recorder.history().validations().size
                // region flow
                val firstFive =
                    model
                        .trainingEvents(TRAIN, seed = 1) { epochs = 100 }
                        .filterIsInstance<TrainingEvent.Stepped>()
                        .take(5)
                        .toList()
                // endregion
                firstFive shouldHaveSize 5
                model.history().last().outcome() shouldBe "CANCELLED"
                // region resume
                val whole = model.resumeSuspending(TRAIN, trainingOptions(seed = 1) { steps = 20 })
                // endregion
                whole.lastStep() - whole.firstStep() shouldBe 20
            }
        }

        "images are drawn as pixels, rows and wholes" {
            Model.initial(DEFINITION, 1).use { model ->
                // region sample
                val pixels = model.sample(count = 1, seed = 7) { label { 3 } }
                val rows = model.sampleRows(count = 1, seed = 7) { label { 3 } }
                val images =
                    model.sampleImages(count = 10, seed = 7) {
                        label { it }
                        temperature = 0.9
                        executor = SamplingExecutor.jvm()
                    }
                // endregion
                pixels.toList() shouldHaveSize 64
                rows.toList() shouldHaveSize 8
                images.toList() shouldHaveSize 10
            }
        }

        "the name says what suspends" {
            val place = tempdir().toPath().resolve("digits")
            Model.initial(DEFINITION, 1).use { model ->
                // region suspending
                withTimeout(1.minutes) {
                    val scores = model.scoreSuspending(TEST)
                    val four = model.sampler(count = 4, seed = 7) { label { it } }
                    val images = four.images().toListSuspending()
                    model.saveSuspending(place)
                    loadModelSuspending(place).use {
                        println("$it: $scores, ${images.size} images")
                    }
                }
                // endregion
            }
            loadModelSuspending(place).use { it.definition() shouldBe DEFINITION }
        }

        "one set of weights for eight orders" {
            val image = ImageSpec(8, 8, 1, 2)
            // region orders
            val anyOrder =
                locallyMaskedPixelCnn(image) {
                    orders(GenerationOrder.eight(GenerationOrder.hilbert(8, 8)))
                    blocks(1)
                    maps(8)
                }
            // endregion
            Model.initial(anyOrder, 1).use { model ->
                val test = digits(4, 2)
                // region complete
                val torn = KnownPixels.of(test, 0, PixelMask.withoutHalf(image, Half.BOTTOM))
                val ways = model.sampleImages(count = 4, seed = 7) { complete(torn) }.toList()
                val logs =
                    model.conditionalLogLikelihoodsSuspending(
                        Examples.of(test),
                    ) { torn.mask() }
                // endregion
                ways shouldHaveSize 4
                logs.toList().forEach { it shouldBeLessThan 0.0 }
            }
        }

        "own layers are saved with a catalog" {
            val folder = tempdir().toPath()
            val swish =
                pixelModel("swish") {
                    // region layer
                    val x = image(ImageSpec(8, 8, 1, 4)).causalConv(8, 3, MaskType.A)
                    softmax(x.swish(slope = 1.5f).conv1x1(4))
                    // endregion
                }
            Model.initial(swish, 1).use { model ->
                // region catalog
                val catalog = LayerCatalog.standard().with("swish", Swish::class.java)
                model.saveSuspending(folder, catalog)
                val loaded = loadModelSuspending(folder, catalog)
                // endregion
                loaded.use { it.definition() shouldBe model.definition() }
            }
        }
    }) {
    private companion object {
        val TRAIN: Examples = Examples.labelled(labelled(64, 1), "digit")
        val TEST: Examples = Examples.labelled(labelled(16, 2), "digit")
        val DEFINITION: Definition =
            gatedPixelCnn(TRAIN.images().spec()) {
                blocks(1)
                maps(6)
                classCondition("digit", 10)
            }

        fun labelled(
            count: Int,
            seed: Long,
        ): ImageSet = EmbeddedDigits.count(count).size(8).levels(4).seed(seed).grey()

        fun digits(
            count: Int,
            seed: Long,
        ): ImageSet = EmbeddedDigits.count(count).size(8).levels(2).seed(seed).grey().unlabelled()
    }
}

// region blocks
internal fun ModelScope.residualBlock(
    x: Feature,
    condition: Feature,
): Feature =
    block("block") {
        x.residual { relu().causalConv(maps, kernel = 3).conditionedOn(condition).conv1x1(x.maps) }
    }

internal fun residualModel(): Definition =
    pixelModel("residual") {
        val image = image(height = 16, width = 16, channels = 1, levels = 4)
        val digit = classCondition("digit", count = 10)
        var x = image.causalConv(maps = 16, kernel = 5, type = MaskType.A)
        val skips =
            repeated(3) {
                x = residualBlock(x, digit)
                x
            }
        softmax(sum(skips).relu().conv1x1(maps = 4))
    }
// endregion
