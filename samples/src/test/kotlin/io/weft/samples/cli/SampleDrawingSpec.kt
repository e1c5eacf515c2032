package io.weft.samples.cli

import io.kotest.core.spec.style.FreeSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.weft.Model
import io.weft.model.GatedPixelCnn
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import java.io.PrintWriter
import java.io.StringWriter

class SampleDrawingSpec :
    FreeSpec({
        val definition =
            GatedPixelCnn.classConditional(ImageSpec(4, 4, 1, 2), 10, 1, 4, 3)
        val shown = StringWriter()
        val console = Console(PrintWriter(shown), PrintWriter(StringWriter()), json = false)

        /** Draws five images; Ctrl-C comes as [interruptedAt] begins. */
        fun drawing(
            model: Model,
            stop: StopSignal,
            interruptedAt: Long,
        ) = SampleDrawing(
            ModelDrawable(
                model.sampler(1).count(5).conditions { image ->
                    if (image == interruptedAt) Thread.currentThread().interrupt()
                    ConditionValues.none().withLabel("class", 0)
                },
            ),
            List(5) { "caption" },
            stop,
        )

        "Ctrl-C keeps the images that were finished" {
            Model.initial(definition, 1).use { model ->
                StopSignal().use { stop ->
                    val whole = drawing(model, stop, interruptedAt = -1).live(console, 1)
                    whole.isStopped shouldBe false
                    whole.images shouldHaveSize 5
                    val part = drawing(model, stop, interruptedAt = 3).live(console, 1)
                    part.isStopped shouldBe true
                    part.images.map { it.toList() } shouldBe
                        whole.images.take(3).map { it.toList() }
                    Thread.interrupted() shouldBe false
                }
            }
        }

        "Ctrl-C stops where only progress is shown too" {
            Model.initial(definition, 1).use { model ->
                StopSignal().use { stop ->
                    val whole = drawing(model, stop, interruptedAt = -1).withProgress(console, 2)
                    whole.isStopped shouldBe false
                    whole.images shouldHaveSize 5
                    // The conditions of all images are asked for before the first pixel.
                    val part = drawing(model, stop, interruptedAt = 3).withProgress(console, 2)
                    part.isStopped shouldBe true
                    part.images shouldHaveSize 0
                    Thread.interrupted() shouldBe false
                }
            }
        }

        "an image that was not finished has no caption" {
            shown.buffer.setLength(0)
            Model.initial(definition, 1).use { model ->
                StopSignal().use { stop ->
                    drawing(model, stop, interruptedAt = 0).live(console, 1).images shouldHaveSize 0
                }
            }
            "$shown" shouldNotContain "caption"
        }
    })
