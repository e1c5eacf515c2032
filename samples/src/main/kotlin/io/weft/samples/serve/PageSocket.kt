package io.weft.samples.serve

import io.netty.channel.ChannelHandlerContext
import io.netty.channel.SimpleChannelInboundHandler
import io.netty.handler.codec.CorruptedFrameException
import io.netty.handler.codec.TooLongFrameException
import io.netty.handler.codec.http.FullHttpRequest
import io.netty.handler.codec.http.HttpHeaderNames.CONNECTION
import io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_KEY
import io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_VERSION
import io.netty.handler.codec.http.HttpHeaderNames.UPGRADE
import io.netty.handler.codec.http.HttpHeaderValues
import io.netty.handler.codec.http.HttpMethod
import io.netty.handler.codec.http.HttpRequest
import io.netty.handler.codec.http.HttpResponseStatus
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig
import io.netty.handler.codec.http.websocketx.WebSocketFrame
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13
import io.netty.handler.timeout.IdleStateEvent
import io.netty.handler.timeout.IdleStateHandler
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import io.netty.channel.Channel as Connection

/** A web socket to a page. */
internal class PageSocket private constructor(
    private val connection: Connection,
) {
    private val incoming = Channel<String>(Channel.UNLIMITED)
    private val unheard = AtomicInteger()
    private val room = MutableStateFlow(true)
    private val isClosing = AtomicBoolean()

    /** Whether so much of what was sent has left that more may follow. */
    val hasRoom: Boolean get() = room.value

    suspend fun awaitRoom() {
        room.first { it }
    }

    /** Returns the page's next message, or null once it closes the socket. */
    suspend fun receive(): String? {
        val next = incoming.receiveCatching()
        next.exceptionOrNull()?.let { throw it }
        if (next.isSuccess && unheard.decrementAndGet() == 0) {
            // There and not here, so that it comes after what switched it off.
            connection.eventLoop().execute { connection.config().isAutoRead = true }
        }
        return next.getOrNull()
    }

    /** Sends without waiting; to a page that is gone, nowhere. */
    fun send(message: String) {
        connection.writeAndFlush(TextWebSocketFrame(message))
    }

    /** Says good-bye, and waits a little for the page to do the same. */
    suspend fun close() {
        sayGoodBye(WebSocketCloseStatus.NORMAL_CLOSURE)
        connection.config().isAutoRead = true
        withTimeoutOrNull(FAREWELL) { connection.closeFuture().result() }
    }

    /** Once: each side says it, and nothing after it. */
    private fun sayGoodBye(status: WebSocketCloseStatus) {
        incoming.close()
        if (isClosing.compareAndSet(false, true)) {
            connection.writeAndFlush(CloseWebSocketFrame(status))
        }
    }

    private inner class Frames : SimpleChannelInboundHandler<WebSocketFrame>() {
        private var isAlive = true

        override fun channelRead0(
            context: ChannelHandlerContext,
            frame: WebSocketFrame,
        ) {
            isAlive = true
            when (frame) {
                is TextWebSocketFrame -> {
                    hear(context, frame.text())
                }

                is PingWebSocketFrame -> {
                    // RFC 6455, 5.5.3: only the last of several has to be answered. Whoever does
                    // not read gets none, which would wait here.
                    if (context.channel().isWritable) {
                        context.writeAndFlush(PongWebSocketFrame(frame.content().retain()))
                    }
                }

                is PongWebSocketFrame -> {}

                is CloseWebSocketFrame -> {
                    close(context, WebSocketCloseStatus.NORMAL_CLOSURE)
                }

                else -> {
                    incoming.close(Problem.badRequest("a binary message; send JSON as text"))
                }
            }
        }

        /** Nothing more is read while several messages wait to be heard. */
        private fun hear(
            context: ChannelHandlerContext,
            message: String,
        ) {
            if (incoming.trySend(message).isSuccess && unheard.incrementAndGet() >= MOST_UNHEARD) {
                context.channel().config().isAutoRead = false
            }
        }

        override fun channelWritabilityChanged(context: ChannelHandlerContext) {
            room.value = context.channel().isWritable
        }

        /** Nothing came for a while: whoever is there answers a ping. */
        override fun userEventTriggered(
            context: ChannelHandlerContext,
            event: Any,
        ) {
            if (event !is IdleStateEvent) return
            if (!isAlive) context.close()
            isAlive = false
            context.writeAndFlush(PingWebSocketFrame())
        }

        @Deprecated("Netty's own, of handlers that take care of failures")
        override fun exceptionCaught(
            context: ChannelHandlerContext,
            cause: Throwable,
        ) {
            when (cause) {
                is TooLongFrameException -> close(context, WebSocketCloseStatus.MESSAGE_TOO_BIG)

                // Whoever found it has said so, and closes.
                is CorruptedFrameException -> incoming.close()

                else -> context.close()
            }
        }

        override fun channelInactive(context: ChannelHandlerContext) {
            incoming.close()
        }

        private fun close(
            context: ChannelHandlerContext,
            status: WebSocketCloseStatus,
        ) {
            sayGoodBye(status)
            context.close()
        }
    }

    companion object {
        private const val VERSION = "13"
        private const val PING_SECONDS = 15
        private const val MOST_UNHEARD = 4
        private val FAREWELL = 2.seconds

        /**
         * Refuses a request that does not ask for a web socket.
         *
         * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1">RFC 6455, 4.2.1</a>
         */
        fun check(request: HttpRequest) {
            val headers = request.headers()
            val isHandshake =
                request.method() == HttpMethod.GET &&
                    headers.containsValue(CONNECTION, HttpHeaderValues.UPGRADE, true) &&
                    headers.contains(UPGRADE, HttpHeaderValues.WEBSOCKET, true) &&
                    headers.contains(SEC_WEBSOCKET_KEY) &&
                    headers[SEC_WEBSOCKET_VERSION] == VERSION
            if (!isHandshake) {
                throw Problem(
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "pixels come on a web socket of version $VERSION; open one here",
                    mapOf(UPGRADE to "websocket", SEC_WEBSOCKET_VERSION to VERSION),
                )
            }
        }

        /**
         * Makes a connection a web socket, as a request asks that [check] does not refuse.
         *
         * @param mostBytes the largest message
         */
        suspend fun open(
            connection: Connection,
            request: FullHttpRequest,
            mostBytes: Int,
        ): PageSocket {
            val socket = PageSocket(connection)
            val strict =
                WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(mostBytes).build()
            // There, so that no frame is read before all are in place who look at it.
            withContext(connection.eventLoop().asCoroutineDispatcher()) {
                val opened =
                    WebSocketServerHandshaker13(
                        "",
                        null,
                        strict,
                    ).handshake(connection, request)
                connection.pipeline().apply {
                    remove(RequestDeadline::class.java)
                    remove(Gate::class.java)
                    addFirst(IdleStateHandler(PING_SECONDS, 0, 0))
                    addLast(
                        Utf8FrameValidator(),
                        WebSocketFrameAggregator(mostBytes),
                        socket.Frames(),
                    )
                }
                opened
            }.result()
            return socket
        }
    }
}
