package io.weft.dsl

import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.spec.Condition

/** A model and examples that are quick to train. */
internal object Tiny {
    private val DIGITS =
        EmbeddedDigits
            .count(80)
            .size(8)
            .levels(4)
            .seed(5)
            .grey()

    val TRAIN: Examples = Examples.labelled(DIGITS.take(64), "digit")
    val TEST: Examples = Examples.labelled(DIGITS.slice(64, 80), "digit")
    val UNLABELLED: Examples = Examples.of(DIGITS)

    val DEFINITION: Definition =
        gatedPixelCnn(DIGITS.spec()) {
            blocks(1)
            maps(6)
            classCondition("digit", 10)
        }

    fun model(): Model = Model.initial(DEFINITION, 1)
}
