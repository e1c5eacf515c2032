package io.weft.dsl

import kotlinx.coroutines.yield
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/** Lets others of a context have their turn once in a while: to yield costs more than a pixel may. */
internal class Turns {
    private var last = TimeSource.Monotonic.markNow()

    /** Yields if the last time is a millisecond ago. */
    suspend fun share() {
        if (last.elapsedNow() >= LONGEST) {
            yield()
            last = TimeSource.Monotonic.markNow()
        }
    }

    private companion object {
        val LONGEST = 1.milliseconds
    }
}
