package io.weft.samples.serve

import com.fasterxml.jackson.databind.ObjectMapper
import io.ktor.http.ContentType
import io.ktor.http.HttpStatusCode
import org.slf4j.LoggerFactory

/**
 * A request that is not served, told in the form of RFC 9457 (problem details): [detail] says what
 * was found, what was expected and what to do.
 */
internal class Problem(
    val status: HttpStatusCode,
    val detail: String,
) : RuntimeException(detail) {
    fun fields(): Map<String, Any> =
        linkedMapOf(
            "type" to "about:blank",
            "title" to status.description,
            "status" to status.value,
            "detail" to detail,
        )

    companion object {
        val TYPE = ContentType("application", "problem+json")

        private val LOG = LoggerFactory.getLogger(Problem::class.java)

        fun badRequest(detail: String) = Problem(HttpStatusCode.BadRequest, detail)

        /** What the page is told of a failure: its own faults in words, ours without insides. */
        fun of(failure: Throwable): Problem =
            when (failure) {
                is Problem -> {
                    failure
                }

                is IllegalArgumentException -> {
                    badRequest(failure.message.orEmpty())
                }

                is IllegalStateException, is ArithmeticException -> {
                    LOG.warn("a model failed", failure)
                    Problem(HttpStatusCode.ServiceUnavailable, failure.message.orEmpty())
                }

                else -> {
                    LOG.error("a request failed", failure)
                    Problem(
                        HttpStatusCode.InternalServerError,
                        "this should not happen; the server's log says more",
                    )
                }
            }
    }
}

/** Reads and writes all JSON of the page. */
internal val JSON = ObjectMapper()
