package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.sample.Pixel
import kotlin.time.Duration.Companion.milliseconds

class StreamingSpec :
    StringSpec({
        "what was cancelled halfway comes again exactly, alone and in a batch" {
            Model.initial(digitModel(), 1).use { model ->
                val shown = mutableListOf<Pixel>()
                val watched = watch(model, 1.milliseconds, shown::add)
                watched.cancelled shouldBe shown
                // Cancelled in the pause at the end of the row that holds the middle.
                watched.cancelled.size shouldBeInRange 128..144
                watched.again shouldHaveSize 256
                watched.again.take(watched.cancelled.size) shouldBe watched.cancelled
                watched.inBatch shouldBe watched.again
            }
        }
    })
