package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.weft.complete.Half
import io.weft.complete.KnownPixels
import io.weft.complete.PixelMask
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.layer.MaskType
import io.weft.pyramid.MultiScale
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.Scale
import io.weft.pyramid.ScaledEvent
import io.weft.pyramid.Size
import io.weft.spec.Condition
import io.weft.train.TrainingEvent
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream

/** Pyramids from Kotlin: declared, trained, scored, streamed, saved. */
class MultiScaleSpec :
    StringSpec({
        val digits = EmbeddedDigits.count(24).size(8).levels(3).seed(4).grey()
        val examples = Examples.of(digits)

        fun pyramid(): MultiScale =
            multiScale(
                small =
                    pixelModel("little") {
                        val x = image(height = 4, width = 4, channels = 1, levels = 3)
                        softmax(x.causalConv(8, kernel = 3, type = MaskType.A).relu().conv1x1(3))
                    },
                large =
                    pixelModel("large") {
                        val x = image(height = 8, width = 8, channels = 1, levels = 3)
                        val small = condition(Condition.Spatial("small", 4, 4, 1))
                        val grown = small.conv(6).relu().upConv(6, stride = 2)
                        val first = x.causalConv(8, kernel = 3, type = MaskType.A)
                        softmax(first.conditionedOn(grown).relu().conv1x1(3))
                    },
                condition = "small",
                scale = Scale.subsample(2),
            )

        "is trained, scored, streamed and saved without blocking" {
            val heard = mutableListOf<ScaledEvent>()
            MultiScaleModel.initial(pyramid(), 1).use { model ->
                val before = model.scoreSuspending(examples).bitsPerDimension()
                model.trainSuspending(examples, seed = 1, onEvent = { heard += it }) {
                    steps = 30
                    rmsProp(rate = 5e-3)
                }
                val after = model.scoreSuspending(examples).bitsPerDimension()
                after shouldBeLessThan before
                after shouldBeLessThan model.scoreBoundSuspending(examples).bitsPerDimension()
                heard.filter { it.event() is TrainingEvent.Stepped } shouldHaveSize 60

                val images = model.sampleImages(count = 3, seed = 7).toList()
                val pixels = model.sample(count = 3, seed = 7) { batch = 2 }.toList()
                pixels.filter { it.size() == Size.LARGE }.forEach {
                    val pixel = it.pixel()
                    images[pixel.image().toInt()].value(pixel.row(), pixel.column(), 0) shouldBe
                        pixel.value(0)
                }
                pixels.filter { it.size() == Size.SMALL }.forEach {
                    val pixel = it.pixel()
                    val (row, column) = pixel.row() * 2 to pixel.column() * 2
                    images[pixel.image().toInt()].value(row, column, 0) shouldBe pixel.value(0)
                }

                val torn =
                    KnownPixels.of(digits, 2, PixelMask.withoutHalf(digits.spec(), Half.BOTTOM))
                model.sampleImages(count = 2, seed = 7) { complete(torn) }.toList().forEach {
                    it.levels().take(32) shouldBe torn.levels().take(32)
                }

                initialMultiScaleSuspending(model.definition(), seed = 3).use { initial ->
                    MultiScaleModel.initial(model.definition(), 3).use {
                        initial.scoreSuspending(examples).logLikelihoods() shouldBe
                            it.score(examples).logLikelihoods()
                    }
                }

                val folder = tempdir().toPath().resolve("pyramid")
                model.saveSuspending(folder)
                loadMultiScaleSuspending(folder).use { loaded ->
                    loaded.sampleImages(count = 3, seed = 7).toList() shouldBe images
                    loaded.resumeSuspending(
                        examples,
                        trainingOptions(seed = 1) {
                            steps = 32
                            rmsProp(rate = 5e-3)
                        },
                    )
                    loaded.large().snapshot().steps() shouldBe 32
                }
                val (small, large) = model.small().definition() to model.large().definition()
                model
                    .sampleImages(count = 3, seed = 7) { order(Size.LARGE, large.order()) }
                    .toList() shouldBe images
                model
                    .scoreSuspending(examples, small.order(), large.order())
                    .logLikelihoods() shouldBe model.score(examples).logLikelihoods()
                val corner = PixelMask.hole(digits.spec(), 7, 7, 1, 1)
                model.conditionalLogLikelihoodsSuspending(examples) { corner } shouldBe
                    model.conditionalLogLikelihoods(examples) { corner }

                val zip = ByteArrayOutputStream()
                model.saveSuspending(zip)
                loadMultiScaleSuspending(ByteArrayInputStream(zip.toByteArray())).use { loaded ->
                    loaded.sampleImages(count = 3, seed = 7).toList() shouldBe images
                }
            }
        }

        "each of both models trains by options of its own" {
            fun steps(count: Long) = trainingOptions(seed = 1) { steps = count }
            MultiScaleModel.initial(pyramid(), 1).use { model ->
                fun taken() =
                    listOf(model.small(), model.large()).map { it.snapshot().steps().toInt() }
                model.trainSuspending(examples, steps(2), steps(3))
                taken() shouldBe listOf(2, 3)
                model.resumeSuspending(examples, steps(4), steps(5))
                taken() shouldBe listOf(4, 5)
                model.resumingEvents(examples, steps(5), steps(6)).toList()
                taken() shouldBe listOf(5, 6)
                model.trainingEvents(examples, steps(1), steps(2)).toList()
                model.trainingEvents(examples, seed = 1) { steps = 1 }.toList()
                taken() shouldBe listOf(7, 9)
            }
        }

        "events flow, and stopping early keeps what was reached" {
            MultiScaleModel.initial(pyramid(), 1).use { model ->
                val options = trainingOptions(seed = 1) { steps = 5 }
                // Five steps, a checkpoint and the end of the small model, then two of the large.
                model
                    .trainingEvents(
                        examples,
                        options,
                    ).filter { it.event() is TrainingEvent.Stepped }
                    .take(7)
                    .toList()
                    .last()
                    .size() shouldBe Size.LARGE
                model.small().snapshot().steps() shouldBe 5
                model.large().snapshot().steps() shouldBe 2
                model.resumingEvents(examples, options).toList()
                model.large().snapshot().steps() shouldBe 5
            }
        }

        "cancelling leaves sampling within a pixel" {
            MultiScaleModel.initial(pyramid(), 1).use { model ->
                var drawn = 0
                shouldThrow<CancellationException> {
                    coroutineScope {
                        launch {
                            model
                                .sample(count = 100, seed = 1)
                                .onEach { if (++drawn == 20) throw CancellationException("enough") }
                                .toList()
                        }.join()
                        throw CancellationException("enough")
                    }
                }
                drawn shouldBe 20
                model.sampleImages(count = 1, seed = 1).toList() shouldHaveSize 1
            }
        }
    })
