package io.weft.samples.cli

import io.weft.ImageModel
import io.weft.weight.Weights

/** How many bits of its weights a model keeps, by the name on the command line. */
internal enum class WeightBits(
    val label: String,
) {
    FULL("full"),
    HALF("half"),
    ;

    fun of(weights: Weights): Weights =
        when (this) {
            FULL -> weights
            HALF -> weights.inHalfPrecision()
        }

    /** The model without what training goes on from. */
    fun of(model: ImageModel): ImageModel =
        when (this) {
            FULL -> model.withoutTrainingState()
            HALF -> model.inHalfPrecision()
        }

    internal class Converter : OneOfConverter<WeightBits>(entries, { it.label })
}
