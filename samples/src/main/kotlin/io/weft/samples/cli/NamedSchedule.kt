package io.weft.samples.cli

import io.weft.optimise.RateSchedule
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.TypeConversionException

/**
 * A learning rate that changes, as `--schedule` names it: a kind, and behind a colon a number of its
 * own.
 */
internal class NamedSchedule private constructor(
    private val word: String,
    private val kind: Kind,
    private val number: Double?,
) {
    /**
     * The kinds by their names on the command line.
     *
     * @property usual its number where none is given; none if one has to be
     */
    private enum class Kind(
        val label: String,
        val usual: Double?,
        val of: (rate: Double, steps: Long, number: Double) -> RateSchedule,
    ) {
        CONSTANT("constant", 1.0, { rate, _, _ -> RateSchedule.constant(rate) }),
        COSINE("cosine", 0.0, { rate, steps, floor -> RateSchedule.Cosine(rate, steps, floor) }),
        EXPONENTIAL(
            "exponential",
            null,
            { rate, _, factor -> RateSchedule.Exponential(rate, factor) },
        ),
        ONE_CYCLE(
            "one-cycle",
            0.3,
            { peak, steps, rising -> RateSchedule.OneCycle(peak, steps, rising, 25.0, 1e4) },
        ),
        PLATEAU(
            "plateau",
            3.0,
            { rate, _, patience ->
                RateSchedule.Plateau(RateSchedule.constant(rate), 0.5, patience.toInt(), 0.0)
            },
        ),
    }

    /** The schedule at this rate, its largest, for a run of so many steps. */
    fun at(
        rate: Double,
        steps: Long,
    ): RateSchedule = kind.of(rate, steps, number ?: kind.usual ?: 1.0)

    override fun toString(): String = word

    internal class Converter : ITypeConverter<NamedSchedule> {
        override fun convert(value: String): NamedSchedule {
            val name = value.substringBefore(':')
            val kind = Kind.entries.find { it.label == name } ?: wrong(value)
            val number =
                if (name ==
                    value
                ) {
                    null
                } else {
                    value.substringAfter(':').toDoubleOrNull() ?: wrong(value)
                }
            if (number == null && kind.usual == null) wrong(value)
            return NamedSchedule(value, kind, number)
        }

        private fun wrong(value: String): Nothing =
            throw TypeConversionException("found '$value'; expected one of $WORDS")
    }

    internal companion object {
        /** What `--schedule` takes. */
        const val WORDS =
            "constant, cosine[:FLOOR], exponential:FACTOR, one-cycle[:RISING], plateau[:N]"
    }
}
