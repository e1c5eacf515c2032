package io.weft.samples.serve

import io.netty.handler.codec.http.HttpResponseStatus
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * Drawings take turns, so that nobody keeps others from drawing: [most] are under way at once, and
 * who rests gives the turn away, as does who has had it for a while when others wait. Who rests
 * keeps what is drawn for as long as [patience] says, unless [kept] drawings are open and another one
 * begins.
 */
internal class Turns(
    val most: Int,
    private val kept: Int,
    private val patience: Patience,
) {
    /** The drawing was given up for another one. */
    class GivenUp : CancellationException("given up for another drawing")

    // First come, first served.
    private val free = Semaphore(most)
    private val waiting = AtomicInteger()
    private val open = mutableSetOf<Turn>()

    /** In the order in which they began to rest. */
    private val resting = linkedSetOf<Turn>()

    /** How many drawings are under way. */
    val used: Int get() = most - free.availablePermits

    /** How many there are, with those that rest or wait. */
    val begun: Int get() = synchronized(open) { open.size }

    /**
     * Draws when it is its turn.
     *
     * @param told is told if that is not now
     * @throws Problem if [kept] others are open, and none rests
     * @throws GivenUp if it rests and is given up
     */
    suspend fun <T> take(
        told: () -> Unit,
        draw: suspend (Turn) -> T,
    ): T =
        coroutineScope {
            val turn = Turn(this, told)
            enter(turn)
            try {
                turn.begin()
                draw(turn)
            } finally {
                turn.giveAway()
                synchronized(open) { open -= turn }
            }
        }

    private fun enter(turn: Turn) =
        synchronized(open) {
            if (open.size >= kept) giveUpLongestResting()
            open += turn
        }

    private fun giveUpLongestResting() {
        val longest =
            resting.firstOrNull() ?: throw Problem(
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "$kept drawings are open, which is the most; wait for one to end, or cancel it",
            )
        resting -= longest
        open -= longest
        longest.drawing.cancel(GivenUp())
    }

    /** One drawing's. */
    inner class Turn(
        internal val drawing: CoroutineScope,
        private val told: () -> Unit,
    ) {
        private var since: TimeMark? = null

        internal suspend fun begin() = take(told)

        private suspend fun take(tell: () -> Unit) {
            if (!free.tryAcquire()) {
                tell()
                waiting.incrementAndGet()
                try {
                    free.acquire()
                } finally {
                    waiting.decrementAndGet()
                }
            }
            since = TimeSource.Monotonic.markNow()
        }

        internal fun giveAway() {
            if (since != null) free.release()
            since = null
        }

        /** Between two pixels: lets others draw if they wait and this one has drawn for a while. */
        suspend fun goOn() {
            if (waiting.get() > 0 && checkNotNull(since).elapsedNow() > TURN) {
                giveAway()
                take {}
            }
        }

        /**
         * Waits until there is a reason to draw, and for the turn if that took a while.
         *
         * @throws Problem if it takes longer than [patience] allows
         */
        suspend fun rest(reason: suspend () -> Unit) {
            if (withTimeoutOrNull(patience.pause) { reason() } != null) return
            giveAway()
            synchronized(open) { resting += this }
            try {
                withTimeoutOrNull(patience.rest) { reason() } ?: throw Problem(
                    HttpResponseStatus.REQUEST_TIMEOUT,
                    "the page asked for nothing for ${patience.rest}, so that the drawing was" +
                        " given up; draw again: the same seed gives the same image",
                )
            } finally {
                synchronized(open) { resting -= this }
            }
            begin()
        }
    }

    private companion object {
        /** So long nobody is interrupted. */
        val TURN = 1.seconds
    }
}
