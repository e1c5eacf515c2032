package io.weft.samples.serve

import io.netty.buffer.ByteBuf
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.handler.codec.http.HttpRequest
import io.netty.util.ReferenceCountUtil

/**
 * Lets those requests pass that [guard] lets pass. In place of another it passes on the [Problem],
 * before the body is read, and then nothing any more: where a request is wrong, so may be its end,
 * and the next one's beginning.
 */
internal class Gate(
    private val guard: Guard,
) : ChannelInboundHandlerAdapter() {
    private var isShut = false

    override fun channelRead(
        context: ChannelHandlerContext,
        message: Any,
    ) {
        if (!isShut && message is HttpRequest) {
            try {
                guard.check(message)
            } catch (problem: Problem) {
                isShut = true
                context.pipeline().addFirst(Remainder())
                context.fireChannelRead(problem)
            }
        }
        if (isShut) ReferenceCountUtil.release(message) else context.fireChannelRead(message)
    }

    /**
     * Passes over what a client still sends, so that it comes to read the answer; to close at once
     * would take the answer from it. Who does not stop is closed all the same.
     */
    private class Remainder : ChannelInboundHandlerAdapter() {
        private var left = MOST_BYTES

        override fun channelRead(
            context: ChannelHandlerContext,
            message: Any,
        ) {
            left -= (message as ByteBuf).readableBytes()
            message.release()
            if (left < 0) context.close()
        }
    }

    private companion object {
        const val MOST_BYTES = 4L shl 20
    }
}
