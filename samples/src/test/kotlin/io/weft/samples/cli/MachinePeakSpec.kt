package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe

/** What is a share of what: seconds in binary fractions, so that sums are exact. */
class MachinePeakSpec :
    StringSpec({
        val seconds = listOf(0.5, 0.25, 0.5, 0.25, 0.25)
        val peak = MachinePeak(MachinePeak.Products(8.0, seconds), 4.0, 16.0)

        "the best product is one" {
            peak.gemmFlops shouldBe 32.0
            peak.gemmFlops(0.25) shouldBe 32.0
        }

        "what goes on is compared with products that go on as long" {
            // The last two, then the last three, then all; more there are none.
            peak.gemmFlops(0.5) shouldBe 32.0
            peak.gemmFlops(1.0) shouldBe 24.0
            peak.gemmFlops(1.75) shouldBe (40 / 1.75).plusOrMinus(1e-12)
            peak.gemmFlops(9.0) shouldBe (40 / 1.75).plusOrMinus(1e-12)
        }

        "a floor is of operations or of memory, whichever takes longer" {
            peak.floorSeconds(48.0, 1.0) shouldBe 1.5
            peak.floorSeconds(48.0, 1.0, 1.0) shouldBe 2.0
            peak.floorSeconds(48.0, 12.0) shouldBe 3.0
            peak.cachedFloorSeconds(48.0, 12.0) shouldBe 1.5
        }
    })
