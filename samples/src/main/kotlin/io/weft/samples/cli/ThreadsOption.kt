package io.weft.samples.cli

import io.weft.engine.Threads
import picocli.CommandLine.Option

/** How many threads a command computes with. */
internal class ThreadsOption {
    @Option(
        names = ["--threads"],
        order = LAST_OPTIONS - 1,
        paramLabel = "N",
        description = [
            "Compute with at most N threads at once (default: one for each core).",
        ],
    )
    private var most: Int? = null

    /** Does some work within the limit. */
    fun <T> within(
        misuse: (String) -> Nothing,
        work: () -> T,
    ): T {
        val limit = most ?: return work()
        if (limit < 1) misuse("--threads=$limit; expected 1 or more")
        Threads.limit(limit)
        return try {
            work()
        } finally {
            Threads.unlimited()
        }
    }
}
