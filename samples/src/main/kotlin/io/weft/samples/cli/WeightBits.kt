package io.weft.samples.cli

import io.weft.ImageModel
import io.weft.weight.Weights
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.TypeConversionException

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

    internal class Converter : ITypeConverter<WeightBits> {
        override fun convert(value: String): WeightBits =
            entries.find { it.label == value }
                ?: throw TypeConversionException(
                    "found '$value'; expected one of ${entries.joinToString { it.label }}",
                )
    }
}
