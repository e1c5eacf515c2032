package io.weft.samples.serve

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update

/** How many pixels the page has asked for and not been given yet, as in Reactive Streams. */
internal class Demand {
    private val open = MutableStateFlow(0L)

    /** Whether something is asked for now. */
    val isOpen: Boolean get() = open.value > 0

    /** Asks for [pixels] more. */
    fun add(pixels: Int) = open.update { minOf(MOST, it + pixels) }

    /** Waits until something is asked for. */
    suspend fun await() {
        open.first { it > 0 }
    }

    /** Takes one pixel of what is asked for. */
    fun take() = open.update { it - 1 }

    private companion object {
        const val MOST = 1L shl 40
    }
}
