package io.weft.samples.serve

import io.netty.buffer.Unpooled
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.channel.socket.DuplexChannel
import io.netty.handler.codec.http.FullHttpRequest
import io.netty.handler.codec.http.HttpUtil
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.slf4j.LoggerFactory
import java.io.IOException
import kotlin.time.Duration.Companion.seconds

/** Answers a connection's requests one after another, until one of both sides ends it. */
internal class Exchanges(
    private val scope: CoroutineScope,
    private val routes: Routes,
    private val mostBytes: Int,
) : ChannelInboundHandlerAdapter() {
    /** Requests, and a [Problem] in the place of one that was not let in. */
    private val asked = Channel<Result<FullHttpRequest>>(MOST_WAITING)
    private lateinit var answering: Job

    override fun handlerAdded(context: ChannelHandlerContext) {
        answering =
            scope.launch {
                try {
                    for (request in asked) {
                        if (!exchange(context, request)) break
                    }
                } catch (e: IOException) {
                    LOG.debug("a page went away", e)
                } finally {
                    context.close()
                }
            }
    }

    override fun channelRead(
        context: ChannelHandlerContext,
        message: Any,
    ) {
        when (message) {
            is FullHttpRequest -> answerInTurn(context, Result.success(unpooled(message)))
            is Problem -> answerInTurn(context, Result.failure(message))
            else -> context.fireChannelRead(message)
        }
    }

    private fun answerInTurn(
        context: ChannelHandlerContext,
        request: Result<FullHttpRequest>,
    ) {
        if (asked.trySend(request).isFailure) context.close()
    }

    override fun channelInactive(context: ChannelHandlerContext) {
        answering.cancel()
        context.fireChannelInactive()
    }

    @Deprecated("Netty's own, of handlers that take care of failures")
    override fun exceptionCaught(
        context: ChannelHandlerContext,
        cause: Throwable,
    ) {
        LOG.debug("a connection failed", cause)
        context.close()
    }

    /** Returns whether another may follow on the connection. */
    private suspend fun exchange(
        context: ChannelHandlerContext,
        request: Result<FullHttpRequest>,
    ): Boolean {
        val answer = answer(request)
        val goesOn =
            answer is Answer.Content && request.map { HttpUtil.isKeepAlive(it) }.getOrDefault(false)
        when (answer) {
            is Answer.Content -> send(context, answer, goesOn)
            is Answer.Conversation -> answer.hold(context, request.getOrThrow())
        }
        return goesOn
    }

    private suspend fun answer(request: Result<FullHttpRequest>): Answer =
        try {
            routes.answer(request.getOrThrow())
        } catch (e: CancellationException) {
            throw e
        } catch (e: Throwable) {
            Answer.of(Problem.of(e))
        }

    private suspend fun Answer.Conversation.hold(
        context: ChannelHandlerContext,
        request: FullHttpRequest,
    ) {
        val socket = PageSocket.open(context.channel(), request, mostBytes)
        serve(socket)
        socket.close()
    }

    private suspend fun send(
        context: ChannelHandlerContext,
        answer: Answer.Content,
        goesOn: Boolean,
    ) {
        val response = answer.response()
        HttpUtil.setKeepAlive(response, goesOn)
        context.writeAndFlush(response).result()
        if (!goesOn) {
            (context.channel() as DuplexChannel).shutdownOutput().result()
            // To close at once would take the answer from one who still sends.
            delay(LINGER)
        }
    }

    private companion object {
        /** So many are sent before earlier ones are answered; browsers wait. */
        const val MOST_WAITING = 4

        val LINGER = 1.seconds

        val LOG = LoggerFactory.getLogger(Exchanges::class.java)

        fun unpooled(request: FullHttpRequest): FullHttpRequest =
            try {
                request.replace(Unpooled.copiedBuffer(request.content()))
            } finally {
                request.release()
            }
    }
}
