package io.weft.samples.serve

import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.request.contentLength
import io.ktor.server.request.header
import io.ktor.server.request.httpMethod
import java.net.InetAddress

/**
 * Who may ask: pages of this very server. Another page that is open in the same browser can send
 * requests here, under its own origin or, having its name point here (DNS rebinding), under a
 * foreign host name.
 */
internal class Guard(
    host: String,
) {
    private val address = InetAddress.getByName(host)

    /** Under which names the server may be asked; null where it is bound to every address. */
    private val names =
        when {
            address.isAnyLocalAddress -> null
            address.isLoopbackAddress -> setOf("localhost", "127.0.0.1", "[::1]", host)
            else -> setOf(host, "[$host]", address.hostName)
        }

    /** Refuses requests from elsewhere. */
    fun check(call: ApplicationCall) {
        val asked = call.request.header(HttpHeaders.Host).orEmpty()
        if (names != null && name(asked) !in names) {
            throw Problem(
                HttpStatusCode.Forbidden,
                "the host \"$asked\" is not this server's; open the address that it printed",
            )
        }
        val origin = call.request.header(HttpHeaders.Origin)
        if (origin != null && origin.substringAfter("://") != asked) {
            throw Problem(
                HttpStatusCode.Forbidden,
                "the page at $origin may not use this server; open the server's own page",
            )
        }
        if (call.request.httpMethod == HttpMethod.Post) checkLength(call.request.contentLength())
    }

    private fun checkLength(length: Long?) {
        if (length == null) {
            throw Problem(
                HttpStatusCode.LengthRequired,
                "a body of unknown length; send the header Content-Length",
            )
        }
        if (length > MOST_BYTES) {
            throw Problem(
                HttpStatusCode.PayloadTooLarge,
                "a body of $length bytes; expected at most $MOST_BYTES",
            )
        }
    }

    private fun name(authority: String): String = authority.replace(Regex(":[0-9]+$"), "")

    companion object {
        /** The largest message from the page. */
        const val MOST_BYTES = 1L shl 20

        /** Nothing from elsewhere runs in the page, and the page is shown in no other. */
        private const val POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;" +
                " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

        private val HEADERS =
            mapOf(
                "Content-Security-Policy" to POLICY,
                "X-Content-Type-Options" to "nosniff",
                "Referrer-Policy" to "no-referrer",
                "Cross-Origin-Resource-Policy" to "same-origin",
                HttpHeaders.CacheControl to "no-store",
            )

        val plugin =
            createApplicationPlugin("weft-guard", { GuardConfiguration() }) {
                val guard = Guard(pluginConfig.host)
                onCall { call ->
                    HEADERS.forEach { (name, value) -> call.response.headers.append(name, value) }
                    guard.check(call)
                }
            }
    }
}

/** Where the server is bound. */
internal class GuardConfiguration {
    var host: String = "127.0.0.1"
}
