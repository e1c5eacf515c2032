package io.weft.samples.api

import io.kotest.assertions.throwables.shouldNotThrowAny
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.string.shouldContain

/** Which parts may know which; each rule is also shown to fail, on classes planted for it. */
class ArchitectureSpec :
    StringSpec({
        val planted = Compiled.importer().importPackages("$PLANTED..")

        Architecture("io.weft").rules.forEach { (sentence, rule) ->
            sentence { shouldNotThrowAny { rule.check(Compiled.WEFT) } }
        }

        Architecture(PLANTED).rules.forEach { (sentence, rule) ->
            "it would be seen if not: $sentence" {
                shouldThrow<AssertionError> { rule.check(planted) }.message shouldContain PLANTED
            }
        }
    }) {
    private companion object {
        const val PLANTED = "io.weft.samples.api.planted"
    }
}
