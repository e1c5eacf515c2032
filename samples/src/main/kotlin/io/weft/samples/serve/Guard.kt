package io.weft.samples.serve

import io.netty.handler.codec.DecoderResult
import io.netty.handler.codec.http.HttpHeaderNames
import io.netty.handler.codec.http.HttpHeaderValues
import io.netty.handler.codec.http.HttpMethod
import io.netty.handler.codec.http.HttpRequest
import io.netty.handler.codec.http.HttpResponseStatus
import io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST
import io.netty.handler.codec.http.HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
import io.netty.handler.codec.http.HttpResponseStatus.REQUEST_URI_TOO_LONG
import io.netty.handler.codec.http.TooLongHttpHeaderException
import io.netty.handler.codec.http.TooLongHttpLineException
import java.net.InetAddress
import java.net.UnknownHostException

/**
 * Who may ask, and with how much: pages of this very server. Another page that is open in the same
 * browser can send requests here, under its own origin or, having its name point here (DNS
 * rebinding), under a foreign host name.
 *
 * @param host the address that the server is bound to
 * @param alsoKnownAs more names under which people open it
 * @param mostBytes the largest body
 */
internal class Guard(
    host: String,
    alsoKnownAs: Collection<String>,
    private val mostBytes: Int,
) {
    private val names =
        (names(host, InetAddress.getByName(host)) + alsoKnownAs).map { plain(it) }.toSet()

    /** Refuses a request by what comes before its body. */
    fun check(request: HttpRequest) {
        checkForm(request.decoderResult())
        if (!request.uri().startsWith("/")) {
            throw Problem.badRequest("the target \"${request.uri()}\"; expected a path: /...")
        }
        val host = host(request)
        request.headers()[HttpHeaderNames.ORIGIN]?.let { checkOrigin(it, host) }
        checkBody(request)
    }

    private fun checkForm(result: DecoderResult) {
        if (result.isFailure) {
            val status =
                when (result.cause()) {
                    is TooLongHttpLineException -> REQUEST_URI_TOO_LONG
                    is TooLongHttpHeaderException -> REQUEST_HEADER_FIELDS_TOO_LARGE
                    else -> BAD_REQUEST
                }
            throw Problem(status, "the request is not HTTP: ${result.cause().message}")
        }
    }

    private fun host(request: HttpRequest): String {
        val hosts = request.headers().getAll(HttpHeaderNames.HOST)
        val host =
            hosts.singleOrNull()
                ?: throw Problem.badRequest("${hosts.size} headers Host; expected one")
        val name = plain(host.replace(PORT, ""))
        // A page that had its name point here asks under that name, never under an address.
        if (name !in names && !ADDRESS.matches(name)) {
            throw Problem(
                HttpResponseStatus.FORBIDDEN,
                "the host \"$host\" is not this server's; open the address that it printed, or" +
                    " start it with --allow-host=$name",
            )
        }
        return host
    }

    private fun checkOrigin(
        origin: String,
        host: String,
    ) {
        if (!origin.substringAfter("://").equals(host, ignoreCase = true)) {
            throw Problem(
                HttpResponseStatus.FORBIDDEN,
                "the page at $origin may not use this server; open the server's own page",
            )
        }
    }

    private fun checkBody(request: HttpRequest) {
        val headers = request.headers()
        headers[HttpHeaderNames.EXPECT]?.let {
            if (!HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(it)) {
                throw Problem(HttpResponseStatus.EXPECTATION_FAILED, "Expect: $it is unknown here")
            }
        }
        val length = headers[HttpHeaderNames.CONTENT_LENGTH]?.toLongOrNull()
        val isOfUnknownLength =
            headers.contains(HttpHeaderNames.TRANSFER_ENCODING) ||
                (request.method() == HttpMethod.POST && length == null)
        if (isOfUnknownLength) {
            throw Problem(
                HttpResponseStatus.LENGTH_REQUIRED,
                "a body of unknown length; send the header Content-Length, and no" +
                    " Transfer-Encoding",
            )
        }
        if (length != null && length > mostBytes) {
            throw Problem(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "a body of $length bytes; expected at most $mostBytes",
            )
        }
    }

    private companion object {
        val PORT = Regex(":[0-9]*$")

        /** As a browser writes an IPv4 or IPv6 address. */
        val ADDRESS = Regex("""[0-9]+(\.[0-9]+){3}|\[[0-9a-f:.]+]""")

        /** Names do not distinguish case, and may end with the root's dot. */
        fun plain(name: String): String = name.lowercase().removeSuffix(".")

        fun names(
            host: String,
            address: InetAddress,
        ): Set<String> =
            when {
                address.isAnyLocalAddress -> setOf("localhost") + namesOfThisMachine()
                address.isLoopbackAddress -> setOf("localhost", host)
                else -> setOf(host, address.hostName)
            }

        /** With the name that its neighbours find it by (multicast DNS, RFC 6762). */
        fun namesOfThisMachine(): Set<String> =
            try {
                val own = InetAddress.getLocalHost()
                setOf(
                    own.hostName,
                    own.canonicalHostName,
                    own.hostName.substringBefore('.') + ".local",
                )
            } catch (_: UnknownHostException) {
                setOf()
            }
    }
}
