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

    /** Asks for what was given. */
    fun apply(options: TrainingOptions.Builder) {
        keep?.let { options.keep(it) }
        patience?.let { options.stopEarly(it) }
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
