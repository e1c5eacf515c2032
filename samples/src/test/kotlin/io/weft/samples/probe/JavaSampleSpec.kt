package io.weft.samples.probe

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe

class JavaSampleSpec :
    StringSpec({
        "a name" { JavaSample.name() shouldBe "io.weft.samples.cli.Weft" }
    })
