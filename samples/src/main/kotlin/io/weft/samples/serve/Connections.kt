package io.weft.samples.serve

import io.netty.channel.ChannelInitializer
import io.netty.channel.group.DefaultChannelGroup
import io.netty.channel.socket.SocketChannel
import io.netty.handler.codec.http.HttpObjectAggregator
import io.netty.handler.codec.http.HttpServerCodec
import io.netty.util.concurrent.GlobalEventExecutor
import kotlinx.coroutines.CoroutineScope
import kotlin.time.Duration

/**
 * The connections of a server, and what each request passes through: it is read, within a time and
 * a size, and let in or not, and answered.
 */
internal class Connections(
    private val scope: CoroutineScope,
    private val routes: Routes,
    private val guard: Guard,
    private val deadline: Duration,
    private val mostBytes: Int,
) : ChannelInitializer<SocketChannel>() {
    private val open = DefaultChannelGroup(GlobalEventExecutor.INSTANCE)

    override fun initChannel(connection: SocketChannel) {
        if (open.size >= MOST) {
            connection.close()
            return
        }
        open.add(connection)
        connection.pipeline().addLast(
            HttpServerCodec(),
            RequestDeadline(deadline),
            Gate(guard),
            HttpObjectAggregator(mostBytes),
            Exchanges(scope, routes, mostBytes),
        )
    }

    fun close() {
        open.close()
    }

    private companion object {
        const val MOST = 512
    }
}
