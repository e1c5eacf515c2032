package io.weft.samples.cli

import io.weft.optimise.RateSchedule
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.TypeConversionException

/**
 * A learning rate that changes, as `--schedule` names it: a kind, and behind colons numbers of its
 * own.
 */
internal class NamedSchedule private constructor(
    private val word: String,
    private val kind: Kind,
    private val numbers: List<Double>,
) {
    /**
     * The kinds by their names on the command line.
     *
     * @property usual its numbers, for those that are not given
     * @property least how many have to be given
     */
    private enum class Kind(
        val label: String,
        val usual: List<Double>,
        val least: Int,
        val of: (rate: Double, steps: Long, numbers: List<Double>) -> RateSchedule,
    ) {
        CONSTANT("constant", emptyList(), 0, { rate, _, _ -> RateSchedule.constant(rate) }),
        COSINE(
            "cosine",
            listOf(0.0),
            0,
            { rate, steps, (floor) -> RateSchedule.Cosine(rate, steps, floor) },
        ),
        EXPONENTIAL(
            "exponential",
            listOf(1.0),
            1,
            { rate, _, (factor) -> RateSchedule.Exponential(rate, factor) },
        ),
        ONE_CYCLE(
            "one-cycle",
            listOf(0.3),
            0,
            { peak, steps, (rising) -> RateSchedule.OneCycle(peak, steps, rising, 25.0, 1e4) },
        ),
        PLATEAU(
            "plateau",
            listOf(3.0, 0.5),
            0,
            { rate, _, (patience, factor) ->
                require(patience % 1 == 0.0) { "N is a whole number of validations" }
                RateSchedule.Plateau(RateSchedule.constant(rate), factor, patience.toInt(), 0.0)
            },
        ),
    }

    /** The schedule at this rate, its largest, for a run of so many steps. */
    fun at(
        rate: Double,
        steps: Long,
    ): RateSchedule = kind.of(rate, steps, numbers + kind.usual.drop(numbers.size))

    /** Has the schedule look at its numbers, which it does for any rate and length. */
    private fun check() {
        try {
            at(1.0, Long.MAX_VALUE)
        } catch (refused: IllegalArgumentException) {
            throw TypeConversionException("found '$word': ${refused.message}")
        }
    }

    override fun toString(): String = word

    internal class Converter : ITypeConverter<NamedSchedule> {
        override fun convert(value: String): NamedSchedule {
            val words = value.split(':')
            val kind = Kind.entries.find { it.label == words.first() } ?: wrong(value)
            val numbers = words.drop(1).map { it.toDoubleOrNull() ?: wrong(value) }
            if (numbers.size !in kind.least..kind.usual.size) wrong(value)
            return NamedSchedule(value, kind, numbers).also { it.check() }
        }

        private fun wrong(value: String): Nothing =
            throw TypeConversionException("found '$value'; expected one of $WORDS")
    }

    internal companion object {
        /** What `--schedule` takes. */
        const val WORDS =
            "constant, cosine[:FLOOR], exponential:FACTOR, one-cycle[:RISING]," +
                " plateau[:N[:FACTOR]]"
    }
}
