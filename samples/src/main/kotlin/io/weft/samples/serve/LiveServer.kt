package io.weft.samples.serve

import io.ktor.http.ContentType
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.request.receiveText
import io.ktor.server.response.respondBytes
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.pingPeriod
import io.ktor.server.websocket.timeout
import io.ktor.server.websocket.webSocket
import io.weft.Model
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * The live page: a small web application on which people watch models draw.
 *
 * @property host the address that it is bound to
 * @param port where it listens; 0 for any that is free
 * @param streams how many drawings there may be at once
 * @param patience how long a drawing waits for the page to ask for more
 */
internal class LiveServer(
    models: Map<String, Model>,
    private val host: String,
    port: Int,
    streams: Int,
    private val patience: Duration = 10.minutes,
) : AutoCloseable {
    private val served = models.map { (id, model) -> id to ServedModel(id, model) }.toMap()
    private val drawings = Slots(streams, "drawings")
    private val questions = Slots(streams, "questions")

    // Drawing blocks its thread; so many threads are enough, and the engine's own stay free.
    private val threads = Dispatchers.IO.limitedParallelism(2 * streams)

    // Lazy, since stopping an engine that was never started would start it.
    private val lazyEngine = lazy { embeddedServer(CIO, port, host) { application() } }

    /** How many drawings are under way. */
    val drawing: Int get() = drawings.used

    /** Begins to listen, and returns the port. */
    fun start(): Int {
        val engine = lazyEngine.value.start()
        return runBlocking { engine.engine.resolvedConnectors().first().port }
    }

    /** Ends all drawings, and listens no more. The models stay open. */
    override fun close() {
        if (lazyEngine.isInitialized()) {
            lazyEngine.value.stop(GRACE.inWholeMilliseconds, 2 * GRACE.inWholeMilliseconds)
        }
    }

    private fun Application.application() {
        install(Guard.plugin) { host = this@LiveServer.host }
        install(WebSockets) {
            pingPeriod = PING
            timeout = PING
            maxFrameSize = Guard.MOST_BYTES
        }
        install(StatusPages) {
            exception<Throwable> { call, failure ->
                if (failure is CancellationException) throw failure
                call.respond(Problem.of(failure))
            }
            status(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed) { call, status ->
                call.respond(Problem(status, "nothing is served here; the page is at /"))
            }
        }
        routing {
            Asset.entries.forEach { asset ->
                get(asset.path) { call.respondBytes(asset.bytes, asset.type) }
            }
            get("/api/models") {
                call.respond(
                    mapOf(
                        "models" to served.values.map { it.describe() },
                        "limits" to mapOf("count" to MOST_IMAGES, "streams" to drawings.most),
                    ),
                )
            }
            route("/api/models/{id}") { model() }
        }
    }

    private fun Route.model() {
        get("/receptive-field") {
            val served = served(call)
            val row = call.number("row", served.image.height())
            val column = call.number("column", served.image.width())
            val layer = call.request.queryParameters["layer"]
            call.respond(asked { receptiveField(served, layer, row, column) })
        }
        post("/distribution") {
            val served = served(call)
            val body = Body.read(call.receiveText())
            call.respond(asked { distribution(served, body) })
        }
        webSocket("/stream") {
            PixelStream(this, threads, patience).serve(drawings) { served(call) }
        }
    }

    private suspend fun <T> asked(answer: () -> T): T =
        questions.use {
            withContext(threads) { answer() }
        }

    private fun served(call: ApplicationCall): ServedModel {
        val id = call.parameters["id"].orEmpty()
        return served[id] ?: throw Problem(
            HttpStatusCode.NotFound,
            "there is no model \"$id\"; there are ${served.keys}",
        )
    }

    private companion object {
        val PING = 15.seconds
        val GRACE = 1.seconds

        fun ApplicationCall.number(
            name: String,
            below: Int,
        ): Int {
            val text = request.queryParameters[name].orEmpty()
            return text.toIntOrNull()?.takeIf { it in 0 until below }
                ?: throw Problem.badRequest(
                    "$name: found \"$text\"; expected a whole number from 0 to ${below - 1}",
                )
        }

        suspend fun ApplicationCall.respond(answer: Map<String, Any?>) =
            respondText(JSON.writeValueAsString(answer), ContentType.Application.Json)

        suspend fun ApplicationCall.respond(problem: Problem) =
            respondText(JSON.writeValueAsString(problem.fields()), Problem.TYPE, problem.status)
    }
}
