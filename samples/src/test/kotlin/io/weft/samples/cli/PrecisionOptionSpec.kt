package io.weft.samples.cli

import io.kotest.assertions.throwables.shouldNotThrowAny
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldEndWith
import io.weft.engine.Device
import io.weft.engine.Precision

class PrecisionOptionSpec :
    StringSpec({

        "who cannot train in bfloat16 hears of the option" {
            val missing =
                runCatching { Precision.BFLOAT16.check(Device.cpu()) }.exceptionOrNull()?.message
            if (missing == null) {
                shouldNotThrowAny { checkPrecision(Precision.BFLOAT16, Device.cpu()) }
            } else {
                missing shouldEndWith "; or train in float32"
                shouldThrow<WorkException> {
                    checkPrecision(Precision.BFLOAT16, Device.cpu())
                }.message shouldBe "$missing (--precision=float32)"
            }
        }

        "everything trains in float32" {
            shouldNotThrowAny { checkPrecision(Precision.FLOAT32, Device.cpu()) }
        }
    })
