package io.weft.samples.cli

import io.weft.train.Keep
import io.weft.train.TrainingOptions
import picocli.CommandLine.Option

/** How long training goes on, by what validation finds, and what is kept of it. */
internal class KeepOptions {
    @Option(
        names = ["--keep"],
        paramLabel = "best|last",
        description = [
            "Save the weights of the best validation, or the last ones (default: best, or last" +
                " where there is nothing to validate on).",
        ],
    )
    var keep: Keep? = null

    @Option(
        names = ["--early-stop"],
        paramLabel = "N",
        description = ["Stop after N validations without a new best (default: do not)."],
    )
    var patience: Int? = null

    @Option(
        names = ["--least-gain"],
        paramLabel = "BITS",
        description = [
            "With --early-stop, count only what is better by this many bits per dimension" +
                " (default 0).",
        ],
    )
    private var leastGain: Double? = null

    /** Asks for what was given. */
    fun apply(options: TrainingOptions.Builder) {
        keep?.let { options.keep(it) }
        patience?.let { options.stopEarly(it, leastGain ?: 0.0) }
    }

    /** Refuses what changes nothing. */
    fun check(misuse: (String) -> Nothing) {
        leastGain?.let {
            if (patience == null) misuse("--least-gain=$it is for --early-stop=N; give that too")
        }
    }

    /** Refuses what nothing can come of [withoutValidation], saying why there is none. */
    fun check(withoutValidation: String) {
        val given =
            listOfNotNull(
                "--keep=best".takeIf { keep == Keep.BEST },
                "--early-stop".takeIf { patience != null },
            )
        if (given.isNotEmpty()) {
            throw InputException(
                "${given.joinToString(" and ")}: $withoutValidation; leave it out, or give images" +
                    " to validate on (--test-data)",
            )
        }
    }
}
