package io.weft.samples.serve

import io.netty.channel.ChannelDuplexHandler
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelPromise
import io.netty.handler.codec.http.FullHttpResponse
import io.netty.handler.codec.http.LastHttpContent
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Closes a connection on which no whole request comes [within] a time, be it silent, be it slow in
 * its headers or its body. The time begins with the connection, and again with each answer.
 */
internal class RequestDeadline(
    private val within: Duration,
) : ChannelDuplexHandler() {
    private var unanswered = 0
    private var end: Future<*>? = null

    override fun channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    override fun channelRead(
        context: ChannelHandlerContext,
        message: Any,
    ) {
        if (message is LastHttpContent) {
            unanswered++
            stop()
        }
        context.fireChannelRead(message)
    }

    override fun write(
        context: ChannelHandlerContext,
        message: Any,
        promise: ChannelPromise,
    ) {
        // "100 Continue" is a response as well, but answers nothing.
        if (message is FullHttpResponse && message.status().code() >= OK && --unanswered == 0) {
            start(context)
        }
        context.write(message, promise)
    }

    override fun channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    override fun handlerRemoved(context: ChannelHandlerContext) = stop()

    private fun start(context: ChannelHandlerContext) {
        stop()
        end =
            context.executor().schedule(
                { context.close() },
                within.inWholeMilliseconds,
                TimeUnit.MILLISECONDS,
            )
    }

    private fun stop() {
        end?.cancel(false)
        end = null
    }

    private companion object {
        const val OK = 200
    }
}
