package io.weft.samples.serve

import io.netty.buffer.Unpooled
import io.netty.handler.codec.http.DefaultFullHttpResponse
import io.netty.handler.codec.http.FullHttpResponse
import io.netty.handler.codec.http.HttpHeaderNames
import io.netty.handler.codec.http.HttpResponseStatus
import io.netty.handler.codec.http.HttpVersion

/** What a request leads to. */
internal sealed interface Answer {
    /** Something to be sent, and no more. */
    class Content(
        private val type: String,
        private val bytes: ByteArray,
        private val status: HttpResponseStatus = HttpResponseStatus.OK,
        private val headers: Map<CharSequence, String> = mapOf(),
    ) : Answer {
        fun response(): FullHttpResponse {
            val body = Unpooled.wrappedBuffer(bytes)
            val response = DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body)
            (SAFETY + headers).forEach { (name, value) -> response.headers().set(name, value) }
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, type)
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.size)
            return response
        }
    }

    /** A web socket, which [serve] speaks on. */
    class Conversation(
        val serve: suspend (PageSocket) -> Unit,
    ) : Answer

    companion object {
        /** Nothing from elsewhere runs in the page, and the page is shown in no other. */
        private const val POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;" +
                " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

        private val SAFETY: Map<CharSequence, String> =
            mapOf(
                HttpHeaderNames.CONTENT_SECURITY_POLICY to POLICY,
                "x-content-type-options" to "nosniff",
                "referrer-policy" to "no-referrer",
                "cross-origin-resource-policy" to "same-origin",
                HttpHeaderNames.CACHE_CONTROL to "no-store",
            )

        fun json(fields: Map<String, Any?>): Content =
            Content("application/json", JSON.writeValueAsBytes(fields))

        fun of(problem: Problem): Content =
            Content(
                "application/problem+json",
                JSON.writeValueAsBytes(problem.fields()),
                problem.status,
                problem.headers,
            )
    }
}
