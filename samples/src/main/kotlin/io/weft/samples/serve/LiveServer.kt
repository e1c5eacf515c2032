package io.weft.samples.serve

import io.netty.bootstrap.ServerBootstrap
import io.netty.channel.ChannelOption
import io.netty.channel.MultiThreadIoEventLoopGroup
import io.netty.channel.nio.NioIoHandler
import io.netty.channel.socket.nio.NioServerSocketChannel
import io.weft.anomaly.AnomalyDetector
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import java.io.IOException
import java.net.InetSocketAddress
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/**
 * The live page: a small web application on which people watch models draw.
 *
 * @property host the address that it is bound to
 * @property port where it listens; 0 for any that is free
 * @param streams how many drawings go on at once
 * @param detectors what finds anomalies, under the ids of the models of good images
 * @param alsoKnownAs more host names than the machine's own under which people open it
 */
internal class LiveServer(
    painters: Map<String, Painter>,
    private val host: String,
    private val port: Int,
    streams: Int,
    alsoKnownAs: Collection<String> = listOf(),
    patience: Patience = Patience(),
    detectors: Map<String, AnomalyDetector> = mapOf(),
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val turns = Turns(streams, KEPT * streams, patience)
    private val connections: Connections
    private val loops = MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory())

    init {
        val served =
            painters
                .map { (id, painter) ->
                    id to ServedModel(id, painter, detectors[id])
                }.toMap()
        val mostBytes = served.values.maxOf { it.mostBytes }
        // Drawing blocks its thread; so many are enough for drawings and questions.
        val threads = Dispatchers.IO.limitedParallelism(2 * streams)
        val routes = Routes(served, turns, threads, patience)
        val guard = Guard(host, alsoKnownAs, mostBytes)
        connections = Connections(scope, routes, guard, patience.request, mostBytes)
    }

    /** How many drawings are under way; those that rest or wait are not. */
    val drawing: Int get() = turns.used

    /** How many drawings there are, with those that rest or wait. */
    val begun: Int get() = turns.begun

    /**
     * Begins to listen, and returns the port.
     *
     * @throws IOException if that is not possible, for example since the port is taken
     */
    fun start(): Int {
        val listening =
            ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel::class.java)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(connections)
                .bind(host, port)
                .syncUninterruptibly()
        return (listening.channel().localAddress() as InetSocketAddress).port
    }

    /** Ends all drawings, and listens no more. The models stay open. */
    override fun close() {
        scope.cancel()
        connections.close()
        loops
            .shutdownGracefully(0, GRACE.inWholeSeconds, TimeUnit.SECONDS)
            .awaitUninterruptibly()
    }

    private companion object {
        /** Threads that read and write, and never wait. */
        const val LOOPS = 2

        /** For each that is under way, so many drawings may rest or wait. */
        const val KEPT = 4

        val GRACE = 2.seconds
    }
}
