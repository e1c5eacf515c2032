package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.engine.Precision
import io.weft.model.GatedPixelCnn
import io.weft.train.TrainingEvent
import io.weft.train.TrainingOptions
import kotlin.math.ln

/** The benchmark measures the library against the same network and optimiser, not another. */
class HandWrittenSpec :
    StringSpec({
        "the network written by hand is the library's: loss, gradient norm and steps" {
            val images =
                EmbeddedDigits
                    .count(4)
                    .size(10)
                    .levels(16)
                    .grey()
            val pixels = ByteArray(4 * 100)
            repeat(4) { images.copyImage(it, pixels, it * 100) }
            val definition = GatedPixelCnn.of(images.spec(), 2, 8, 5)
            Model.initial(definition, 3).use { model ->
                HandWrittenGatedPixelCnn(images.spec(), 2, 8, 5, 1e-3, Precision.FLOAT32).use {
                    it.start(model.weights())
                    val options =
                        TrainingOptions
                            .seed(1)
                            .batch(4)
                            .steps(5)
                            .build()
                    model.training(Examples.of(images), options).use { training ->
                        repeat(5) { _ ->
                            val norm = it.gradientNorm(pixels).toDouble()
                            val loss = it.step(pixels).toDouble()
                            val step = training.next() as TrainingEvent.Stepped
                            val nats = step.bitsPerDimension() * ln(2.0)
                            loss shouldBe nats.plusOrMinus(1e-5 * nats)
                            norm shouldBe step.gradientNorm().plusOrMinus(1e-4 * norm)
                        }
                    }
                }
            }
        }
    })
