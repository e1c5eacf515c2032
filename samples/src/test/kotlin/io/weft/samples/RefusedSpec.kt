package io.weft.samples

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.string.shouldContain

class RefusedSpec :
    StringSpec({
        "each leak is refused, each with its own edge" {
            refusal(::typeBOnTheImage) shouldContain "conv3x3 reads image at (+0, +0)"
            refusal(::unshiftedVerticalLink) shouldContain "reads block/vertical at (+0, +0)"
            refusal(::wrongColourGroup) shouldContain "mixed reads relu at (+0, +0)"
            refusal(::gateOfOnePart) shouldContain "gate reads conv3x3 at (+0, +0)"
            refusal(::rowBelow) shouldContain "shift reads block/gate_2 at (+1, +0)"
        }
    })
