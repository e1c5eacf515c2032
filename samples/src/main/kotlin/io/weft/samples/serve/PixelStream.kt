package io.weft.samples.serve

import io.ktor.http.HttpStatusCode
import io.ktor.server.websocket.DefaultWebSocketServerSession
import io.ktor.websocket.CloseReason
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import io.ktor.websocket.readText
import io.weft.sample.Pixel
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/**
 * One drawing on a web socket: the page says what it wants and then how many pixels more, and gets
 * them straight from the flow. What is not asked for is not computed, but that images share steps:
 * they run in lockstep. Closing the socket, or {"cancel": true}, cancels the flow.
 */
internal class PixelStream(
    private val socket: DefaultWebSocketServerSession,
    private val drawingThreads: CoroutineDispatcher,
    private val patience: Duration,
) {
    private class Cancelled : CancellationException("the page cancelled")

    private class Closed : CancellationException("the page closed the socket")

    private val demand = Demand()

    /** Serves the page to the end, and tells it why where it cannot. */
    suspend fun serve(
        slots: Slots,
        model: () -> ServedModel,
    ) {
        try {
            slots.use {
                val served = model()
                val first = withTimeoutOrNull(patience) { receive() } ?: throw Closed()
                draw(Drawing.of(served, first))
            }
            send("done" to true)
        } catch (_: Cancelled) {
            send("cancelled" to true)
        } catch (_: Closed) {
            return
        } catch (e: CancellationException) {
            throw e
        } catch (e: Exception) {
            send("problem" to Problem.of(e).fields())
        }
        socket.close(CloseReason(CloseReason.Codes.NORMAL, ""))
    }

    private suspend fun draw(drawing: Drawing) =
        coroutineScope {
            send("started" to mapOf("images" to drawing.images, "pixels" to drawing.pixels))
            val listening = launch { listen(this@coroutineScope) }
            withContext(drawingThreads) { collect(drawing) }
            listening.cancel()
        }

    private suspend fun collect(drawing: Drawing) {
        val ready = mutableListOf<Pixel>()
        var sent = TimeSource.Monotonic.markNow()
        var left = drawing.pixels
        await()
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
            if (left > 0) await()
        }
    }

    private suspend fun await() {
        if (!demand.take(patience)) {
            throw Problem(
                HttpStatusCode.RequestTimeout,
                "the page asked for nothing for $patience, so that the drawing was given up;" +
                    " draw again: the same seed gives the same image",
            )
        }
    }

    /** Hears what the page says until it closes the socket, which cancels the drawing. */
    private suspend fun listen(drawing: CoroutineScope) {
        while (true) {
            val body = receive() ?: return drawing.cancel(Closed())
            body.only("request", "cancel")
            if (body.has("cancel")) return drawing.cancel(Cancelled())
            demand.add(body.whole("request", 1..MOST_REQUESTED))
        }
    }

    private suspend fun receive(): Body? {
        val frame = socket.incoming.receiveCatching().getOrNull() ?: return null
        if (frame !is Frame.Text) throw Problem.badRequest("a binary message; send JSON as text")
        return Body.read(frame.readText())
    }

    private suspend fun send(field: Pair<String, Any>) =
        try {
            socket.send(Frame.Text(JSON.writeValueAsString(mapOf(field))))
        } catch (_: ClosedSendChannelException) {
            throw Closed()
        }

    private fun compact(pixel: Pixel): List<Int> =
        listOf(pixel.image().toInt(), pixel.row(), pixel.column()) + pixel.values().toList()

    private companion object {
        /** Pixels of so long a time go together: more messages than that no page can show. */
        val FRAME = 15.milliseconds

        const val MOST_PIXELS = 1024
        const val MOST_REQUESTED = 1_000_000
    }
}
