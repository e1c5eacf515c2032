package io.weft.samples.cli

import io.weft.train.TrainingOptions
import picocli.CommandLine.Option

/** How many images a gradient is computed of at a time. */
internal class MicroBatchOptions {
    @Option(
        names = ["--micro-batch"],
        paramLabel = "N",
        description = [
            "Compute the gradients of N images of a step at a time, each on one thread, and add" +
                " them up: a batch of 256 in the memory of a few, and the same bits on any number" +
                " of cores and --threads (default: of all at once).",
        ],
    )
    var given: Int? = null
        private set

    /** Whether it was given. */
    val isGiven: Boolean get() = given != null

    /** Asks for what was given. */
    fun applied(options: TrainingOptions.Builder): TrainingOptions.Builder {
        given?.let { options.microBatch(it) }
        return options
    }

    /** Refuses what is out of range, and training on a cluster without. */
    fun checkFor(
        spark: FleetOption,
        misuse: (String) -> Nothing,
    ) {
        given?.let { if (it < 1) misuse("--micro-batch=$it; expected 1 or more") }
        if (spark.isGiven && !isGiven) {
            misuse("--spark deals out the micro-batches of a step; give --micro-batch=N too, say 4")
        }
        spark.check(mapOf(), misuse)
    }
}
