package io.weft.samples.cli

/**
 * One of several pieces of work that are measured in turns, so that what else the machine does hits
 * all alike.
 */
internal class Stint(
    private val work: () -> Unit,
) {
    private val times = mutableListOf<Double>()
    private var repeats = 1

    /** Works until the JIT compiler has seen enough; a small [budget] in seconds ends it before. */
    fun warmUp(budget: Double) {
        var spent = 0.0
        do {
            val last = seconds(work)
            spent += last
            repeats = maxOf(1, (minOf(LEAST_SECONDS, budget) / last).toInt())
        } while (spent < minOf(WARM_SECONDS, budget))
    }

    /** Measures it once more. */
    fun measure() {
        times += seconds { repeat(repeats) { work() } } / repeats
    }

    /** The middle one of all measured times of it, in seconds. */
    val median: Double get() = median(times)

    /** The least of all measured times of it, in seconds. */
    val least: Double get() = times.min()

    /** How many times as long as [other] it takes: the median over the turns of both. */
    fun times(other: Stint): Double = median(times.zip(other.times) { own, its -> own / its })

    private companion object {
        const val WARM_SECONDS = 2.0
        const val LEAST_SECONDS = 0.2
    }
}
