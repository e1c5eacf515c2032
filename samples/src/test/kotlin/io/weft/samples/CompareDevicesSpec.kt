package io.weft.samples

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.weft.engine.Device

class CompareDevicesSpec :
    StringSpec({
        "the processor agrees with itself" {
            val report =
                CompareDevices.compare(
                    Device.cpu(),
                    CompareDevices.Work(2, 2, 0, FAMILIES),
                )
            report.failed() shouldBe 0
            val rows = report.page().filter { it.endsWith("| holds |") }
            rows shouldHaveSize FAMILIES.size
            // What the processor scores twice is the same to the bit.
            rows.count { it.contains("| 0.0e+00 | 0.0e+00 |") } shouldBe
                FAMILIES.size
            report.page().last() shouldBe "All comparisons hold."
        }

        "a word that is no device is refused" {
            CompareDevices.device("cpu") shouldBe Device.cpu()
            shouldThrow<IllegalArgumentException> { CompareDevices.device("cuda") }.message shouldBe
                "expected gpu or cpu, found \"cuda\""
        }
    }) {
    private companion object {
        /** Quick ones; the script for GPUs compares all. */
        val FAMILIES = listOf("Gated PixelCNN", "Diagonal BiLSTM")
    }
}
