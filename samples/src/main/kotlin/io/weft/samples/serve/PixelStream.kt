package io.weft.samples.serve

import io.netty.handler.codec.http.HttpResponseStatus
import io.weft.sample.Pixel
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/**
 * One drawing on a web socket: the page says what it wants and then how many pixels more, and gets
 * them straight from the flow. What is not asked for is not computed, but that images share steps:
 * they run in lockstep. Closing the socket cancels the flow.
 */
internal class PixelStream(
    private val socket: PageSocket,
    private val turns: Turns,
    private val drawingThreads: CoroutineDispatcher,
    private val patience: Patience,
) {
    private class Closed : CancellationException("the page closed the socket")

    private val demand = Demand()

    /** Serves the page to the end, and tells it why where it cannot. */
    suspend fun serve(model: () -> ServedModel) {
        try {
            val served = model()
            val drawing = Drawing.of(served, first())
            coroutineScope {
                val listening = launch { listen(this@coroutineScope) }
                turns.take({ send("waiting" to true) }) { draw(it, drawing) }
                listening.cancel()
            }
            send("done" to true)
        } catch (_: Closed) {
            return
        } catch (_: Turns.GivenUp) {
            send("problem" to GIVEN_UP.fields())
        } catch (e: CancellationException) {
            throw e
        } catch (e: Throwable) {
            // Errors too, such as no memory: else the page would never hear why.
            send("problem" to Problem.of(e).fields())
        }
    }

    private suspend fun first(): Body =
        withTimeoutOrNull(patience.request) { receive() ?: throw Closed() }
            ?: throw Problem(
                HttpResponseStatus.REQUEST_TIMEOUT,
                "the page did not say within ${patience.request} what to draw; say it at once",
            )

    private suspend fun draw(
        turn: Turns.Turn,
        drawing: Drawing,
    ) {
        send("started" to mapOf("images" to drawing.images, "pixels" to drawing.pixels))
        withContext(drawingThreads) { collect(turn, drawing) }
    }

    private suspend fun collect(
        turn: Turns.Turn,
        drawing: Drawing,
    ) {
        val ready = mutableListOf<Pixel>()
        var sent = TimeSource.Monotonic.markNow()
        var left = drawing.pixels
        await(turn)
        drawing.flow.collect { pixel ->
            ready += pixel
            left--
            if (left == 0 || !demand.isOpen || sent.elapsedNow() > FRAME ||
                ready.size == MOST_PIXELS
            ) {
                send("pixels" to ready.map(::compact))
                ready.clear()
                sent = TimeSource.Monotonic.markNow()
            }
            if (left > 0) await(turn)
        }
    }

    /** Waits for the page to ask for a pixel, and to have read the earlier ones. */
    private suspend fun await(turn: Turns.Turn) {
        if (!demand.isOpen || !socket.hasRoom) {
            turn.rest {
                demand.await()
                socket.awaitRoom()
            }
        }
        turn.goOn()
        demand.take()
    }

    /** Hears what the page says until it closes the socket, which cancels the drawing. */
    private suspend fun listen(drawing: CoroutineScope) {
        while (true) {
            val body = receive() ?: return drawing.cancel(Closed())
            body.only("request")
            demand.add(body.whole("request", 1..MOST_REQUESTED))
        }
    }

    private suspend fun receive(): Body? = socket.receive()?.let { Body.read(it) }

    private fun send(field: Pair<String, Any>) = socket.send(JSON.writeValueAsString(mapOf(field)))

    private fun compact(pixel: Pixel): List<Int> =
        listOf(pixel.image().toInt(), pixel.row(), pixel.column()) + pixel.values().toList()

    private companion object {
        /** Pixels of so long a time go together: more messages than that no page can show. */
        val FRAME = 15.milliseconds

        const val MOST_PIXELS = 1024
        const val MOST_REQUESTED = 1_000_000

        val GIVEN_UP =
            Problem(
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "the drawing rested while others began, and was given up for them; draw again:" +
                    " the same seed gives the same image",
            )
    }
}
