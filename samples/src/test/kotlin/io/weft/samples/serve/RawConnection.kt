package io.weft.samples.serve

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.net.InetSocketAddress
import java.net.Socket
import java.net.SocketTimeoutException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A client that says what it likes, byte by byte, as no library would. */
internal class RawConnection(
    private val serverPort: Int,
    receiveBuffer: Int? = null,
) : AutoCloseable {
    private val socket =
        Socket().apply {
            receiveBuffer?.let { receiveBufferSize = it }
            connect(InetSocketAddress("127.0.0.1", serverPort))
        }
    private val heard = ByteArrayOutputStream()

    fun say(text: String): RawConnection = say(text.toByteArray())

    fun say(bytes: ByteArray): RawConnection =
        apply {
            socket.getOutputStream().write(bytes)
            socket.getOutputStream().flush()
        }

    /** Sends a request without a body. */
    fun ask(
        line: String,
        vararg headers: String,
    ): RawConnection {
        val lines = listOf("$line HTTP/1.1", "Host: localhost:$serverPort") + headers
        return say(lines.joinToString("\r\n") + "\r\n\r\n")
    }

    /** Says one thing again and again, and returns how many bytes it took to be cut off. */
    fun sayUntilCutOff(
        bytes: ByteArray,
        most: Long,
    ): Long {
        var said = 0L
        try {
            while (said < most) {
                say(bytes)
                said += bytes.size
            }
        } catch (_: IOException) {
            return said
        }
        return most
    }

    /** Hears until [end] was said, or without it until the server closes the connection. */
    fun hear(
        end: String? = null,
        patience: Duration = 30.seconds,
    ): String {
        val last = System.nanoTime() + patience.inWholeNanoseconds
        while (end == null || end !in heard.toString(Charsets.ISO_8859_1)) {
            val left = (last - System.nanoTime()) / 1_000_000
            check(left > 0) { "no end within $patience: $heard" }
            if (!hearMore(left.toInt().coerceAtLeast(1))) break
        }
        return heard.toString(Charsets.ISO_8859_1)
    }

    /** Whether the server closes the connection within a time. */
    fun isClosedWithin(patience: Duration): Boolean =
        try {
            hear(patience = patience)
            true
        } catch (_: IllegalStateException) {
            false
        }

    private fun hearMore(millis: Int): Boolean {
        socket.soTimeout = millis
        val buffer = ByteArray(8192)
        return try {
            val read = socket.getInputStream().read(buffer)
            if (read > 0) heard.write(buffer, 0, read)
            read > 0
        } catch (_: SocketTimeoutException) {
            true
        } catch (_: IOException) {
            false
        }
    }

    /** Passes over what comes, until nothing does for a while; returns how many bytes they were. */
    fun pass(silence: Duration): Long {
        socket.soTimeout = silence.inWholeMilliseconds.toInt()
        val buffer = ByteArray(1 shl 16)
        var passed = 0L
        try {
            while (true) {
                val read = socket.getInputStream().read(buffer)
                if (read < 0) return passed
                passed += read
            }
        } catch (_: SocketTimeoutException) {
            return passed
        }
    }

    /** Opens a web socket. */
    fun upgrade(model: String): RawConnection {
        ask(
            "GET /api/models/$model/stream",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        )
        check("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in hear("\r\n\r\n")) { "$heard" }
        heard.reset()
        return this
    }

    /** Returns the code with which the server closes a web socket; all else it says is short. */
    fun closeCode(): Int {
        val all = hear().toByteArray(Charsets.ISO_8859_1)
        val close = all.indices.first { all[it] == (0x88).toByte() }
        return (all[close + 2].toInt() and 0xff shl 8) or (all[close + 3].toInt() and 0xff)
    }

    override fun close() = socket.close()

    companion object {
        const val TEXT = 0x81

        /** A frame under the mask of zeros, which changes nothing. */
        fun frame(
            first: Int,
            payload: ByteArray,
            isMasked: Boolean = true,
        ): ByteArray {
            val mask = if (isMasked) 0x80 else 0
            val head =
                if (payload.size < 126) {
                    listOf(first, mask or payload.size)
                } else {
                    listOf(first, mask or 126, payload.size shr 8, payload.size and 0xff)
                }
            val zeros = if (isMasked) ByteArray(4) else ByteArray(0)
            return head.map { it.toByte() }.toByteArray() + zeros + payload
        }

        fun text(payload: String): ByteArray = frame(TEXT, payload.toByteArray())
    }
}
