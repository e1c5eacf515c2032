package io.weft.samples.serve

import io.netty.handler.codec.http.HttpResponseStatus
import io.weft.advice.Advised
import io.weft.engine.NativeException
import io.weft.engine.NativeLibraryException
import io.weft.memory.MemoryException
import org.slf4j.LoggerFactory

/**
 * A request that is not served, told in the form of RFC 9457 (problem details): [detail] says what
 * was found, what was expected and what to do.
 *
 * @property headers what the status asks for besides
 */
internal class Problem(
    val status: HttpResponseStatus,
    val detail: String,
    val headers: Map<CharSequence, String> = mapOf(),
) : RuntimeException(detail) {
    fun fields(): Map<String, Any> =
        linkedMapOf(
            "type" to "about:blank",
            "title" to status.reasonPhrase(),
            "status" to status.code(),
            "detail" to detail,
        )

    companion object {
        private val LOG = LoggerFactory.getLogger(Problem::class.java)

        fun badRequest(detail: String) = Problem(HttpResponseStatus.BAD_REQUEST, detail)

        /** What the page is told of a failure: its own faults in words, ours without insides. */
        fun of(failure: Throwable): Problem =
            when (failure) {
                is Problem -> {
                    failure
                }

                is IllegalArgumentException -> {
                    badRequest(failure.message.orEmpty())
                }

                // What to do about it is for whoever serves the model: it is in the log.
                is MemoryException, is NativeLibraryException -> {
                    LOG.warn("a model failed", failure)
                    Problem(HttpResponseStatus.SERVICE_UNAVAILABLE, (failure as Advised).problem())
                }

                is NativeException, is IllegalStateException, is ArithmeticException -> {
                    LOG.warn("a model failed", failure)
                    Problem(HttpResponseStatus.SERVICE_UNAVAILABLE, failure.message.orEmpty())
                }

                else -> {
                    LOG.error("a request failed", failure)
                    Problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "this should not happen; the server's log says more",
                    )
                }
            }
    }
}
