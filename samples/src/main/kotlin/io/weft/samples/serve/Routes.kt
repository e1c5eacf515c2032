package io.weft.samples.serve

import io.netty.buffer.ByteBufUtil
import io.netty.handler.codec.http.FullHttpRequest
import io.netty.handler.codec.http.HttpHeaderNames
import io.netty.handler.codec.http.HttpMethod
import io.netty.handler.codec.http.HttpResponseStatus
import io.netty.handler.codec.http.QueryStringDecoder
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit

/** What is served, by its address. */
internal class Routes(
    private val served: Map<String, ServedModel>,
    private val turns: Turns,
    private val threads: CoroutineDispatcher,
    private val patience: Patience,
) {
    /** So many questions are worked on at once; others wait in line. */
    private val questions = Semaphore(turns.most)

    suspend fun answer(request: FullHttpRequest): Answer {
        val path = path(request)
        val parts = path.removePrefix(MODELS).split('/')
        return when {
            path == MODELS -> request.of(HttpMethod.GET) { models() }
            path.startsWith("$MODELS/") && parts.size == 3 -> model(request, parts[1], parts[2])
            else -> request.of(HttpMethod.GET) { (Asset.at(path) ?: throw nothing()).answer() }
        }
    }

    private fun models() =
        Answer.json(
            mapOf(
                "models" to served.values.map { it.describe() },
                "limits" to
                    mapOf(
                        "count" to MOST_IMAGES,
                        "coded" to MOST_CODED,
                        "streams" to turns.most,
                    ),
            ),
        )

    private suspend fun model(
        request: FullHttpRequest,
        id: String,
        what: String,
    ): Answer =
        when (what) {
            "distribution" -> {
                question(request, id, ::distribution)
            }

            "receptive-field" -> {
                question(request, id, ::receptiveField)
            }

            "order" -> {
                question(request, id, ::order)
            }

            "compress" -> {
                question(request, id, ::compress)
            }

            "check" -> {
                question(request, id, ::check)
            }

            // Whether there is such a model is said on the socket: pages do not see other answers.
            "stream" -> {
                PageSocket.check(request)
                Answer.Conversation {
                    PixelStream(
                        it,
                        turns,
                        threads,
                        patience,
                    ).serve { served(id) }
                }
            }

            else -> {
                throw nothing()
            }
        }

    private suspend fun question(
        request: FullHttpRequest,
        id: String,
        answer: (ServedModel, Body) -> Map<String, Any>,
    ): Answer =
        request.of(HttpMethod.POST) {
            val served = served(id)
            val body = Body.read(ByteBufUtil.getBytes(request.content()))
            questions.withPermit {
                // Also ends when whoever asked has gone.
                runInterruptible(threads) { Answer.json(answer(served, body)) }
            }
        }

    private fun served(id: String): ServedModel =
        served[id] ?: throw Problem(
            HttpResponseStatus.NOT_FOUND,
            "there is no model \"$id\"; there are ${served.keys}",
        )

    private companion object {
        const val MODELS = "/api/models"

        fun path(request: FullHttpRequest): String =
            try {
                QueryStringDecoder(request.uri()).path()
            } catch (e: IllegalArgumentException) {
                throw Problem.badRequest("the address ${request.uri()}: ${e.message}")
            }

        inline fun FullHttpRequest.of(
            method: HttpMethod,
            answer: () -> Answer,
        ): Answer {
            if (method() != method) {
                throw Problem(
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "${method()} is not served here; ask with $method",
                    mapOf(HttpHeaderNames.ALLOW to method.name()),
                )
            }
            return answer()
        }

        fun nothing() =
            Problem(HttpResponseStatus.NOT_FOUND, "nothing is served here; the page is at /")
    }
}
