package io.weft.samples.serve

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.updateAndGet
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration

/** How many pixels the page has asked for and not been given yet, as in Reactive Streams. */
internal class Demand {
    private val open = MutableStateFlow(0L)

    /** Asks for [pixels] more. */
    fun add(pixels: Int) {
        open.updateAndGet { minOf(MOST, it + pixels) }
    }

    /** Whether something is asked for now. */
    val isOpen: Boolean get() = open.value > 0

    /**
     * Takes one pixel of what was asked for, and waits for that if it must.
     *
     * @return whether there was one within [patience]
     */
    suspend fun take(patience: Duration): Boolean {
        withTimeoutOrNull(patience) { open.first { it > 0 } } ?: return false
        open.updateAndGet { it - 1 }
        return true
    }

    private companion object {
        const val MOST = 1L shl 40
    }
}
