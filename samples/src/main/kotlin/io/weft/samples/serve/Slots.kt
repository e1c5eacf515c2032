package io.weft.samples.serve

import io.ktor.http.HttpStatusCode
import kotlinx.coroutines.sync.Semaphore

/** So much work is done at once, and no more: [most] pieces of it. */
internal class Slots(
    val most: Int,
    private val what: String,
) {
    private val free = Semaphore(most)

    /** How many pieces of work are under way. */
    val used: Int get() = most - free.availablePermits

    /** Does [work] if there is room for it. */
    suspend fun <T> use(work: suspend () -> T): T {
        if (!free.tryAcquire()) {
            throw Problem(
                HttpStatusCode.ServiceUnavailable,
                "$most $what are under way, which is the most; wait for one to end, or cancel it",
            )
        }
        try {
            return work()
        } finally {
            free.release()
        }
    }
}
