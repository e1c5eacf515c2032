package io.weft.samples.serve

import com.fasterxml.jackson.databind.JsonNode
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.net.http.WebSocket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** What a page does, without a browser. */
internal class Page(
    private val port: Int,
) {
    private val client = HttpClient.newHttpClient()

    fun get(
        path: String,
        vararg headers: String,
    ): HttpResponse<String> = send(request(path, *headers).GET())

    fun post(
        path: String,
        body: String,
        vararg headers: String,
    ): HttpResponse<String> = send(request(path, *headers).POST(BodyPublishers.ofString(body)))

    private fun request(
        path: String,
        vararg headers: String,
    ): HttpRequest.Builder =
        HttpRequest.newBuilder(URI("http://127.0.0.1:$port$path")).apply {
            if (headers.isNotEmpty()) headers(*headers)
        }

    private fun send(request: HttpRequest.Builder) =
        client.send(request.build(), BodyHandlers.ofString())

    /** Opens a drawing. */
    fun stream(
        model: String,
        vararg headers: Pair<String, String>,
    ): Socket {
        val socket = Socket()
        val builder = client.newWebSocketBuilder()
        headers.forEach { (name, value) -> builder.header(name, value) }
        val uri = URI("ws://127.0.0.1:$port/api/models/$model/stream")
        socket.opened(builder.buildAsync(uri, socket).get(TIMEOUT, TimeUnit.SECONDS))
        return socket
    }

    companion object {
        const val TIMEOUT = 60L
    }
}

/** The page's end of a web socket. */
internal class Socket : WebSocket.Listener {
    private lateinit var socket: WebSocket
    private val text = StringBuilder()
    private val messages = LinkedBlockingQueue<JsonNode>()
    val closed = CompletableFuture<Int>()

    fun opened(socket: WebSocket) {
        this.socket = socket
    }

    override fun onText(
        webSocket: WebSocket,
        data: CharSequence,
        last: Boolean,
    ): CompletionStage<*>? {
        text.append(data)
        if (last) {
            messages.add(JSON.readTree(text.toString()))
            text.clear()
        }
        webSocket.request(1)
        return null
    }

    override fun onClose(
        webSocket: WebSocket,
        statusCode: Int,
        reason: String,
    ): CompletionStage<*>? {
        closed.complete(statusCode)
        return null
    }

    override fun onError(
        webSocket: WebSocket,
        error: Throwable,
    ) {
        closed.completeExceptionally(error)
    }

    fun say(message: String): Socket = apply { socket.sendText(message, true).get() }

    fun ask(pixels: Int): Socket = say("""{"request": $pixels}""")

    fun next(): JsonNode =
        checkNotNull(messages.poll(Page.TIMEOUT, TimeUnit.SECONDS)) { "nothing came" }

    /** Whether nothing comes for a while. */
    fun isQuiet(milliseconds: Long): Boolean =
        messages.poll(milliseconds, TimeUnit.MILLISECONDS) == null

    /** Takes pixels until so many came: [image, row, column, values]; what is [besides] may come. */
    fun pixels(
        count: Int,
        vararg besides: String,
    ): List<List<Int>> {
        val pixels = mutableListOf<List<Int>>()
        while (pixels.size < count) {
            val message = next()
            if (besides.any { message.has(it) }) continue
            check(message.has("pixels")) { "expected pixels, found $message" }
            message["pixels"].forEach { pixel -> pixels += pixel.map { it.asInt() } }
        }
        return pixels
    }

    /** Ends as a page does whose machine is switched off. */
    fun abort() = socket.abort()

    /** Closes as a page does that goes away, if the server has not. */
    fun leave() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").handle { _, _ -> }.get()
    }
}
