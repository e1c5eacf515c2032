package io.weft.dsl

import io.weft.internal.Seam
import io.weft.train.TrainingRun
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/**
 * Makes a blocking call of the core in [context], where cancelling the coroutine interrupts it: it
 * then ends as soon as `io.weft` promises, with the exception that the coroutine was cancelled with.
 *
 * @throws CancellationException if the coroutine is cancelled
 */
@Seam
@JvmSynthetic
public suspend fun <T> interruptible(
    context: CoroutineContext = EmptyCoroutineContext,
    call: () -> T,
): T =
    try {
        runInterruptible(context, call)
    } catch (interrupted: CancellationException) {
        currentCoroutineContext().ensureActive()
        throw interrupted
    }

/**
 * Makes a blocking call, as above, that opens something: where cancelling comes too late to stop it,
 * so that nobody gets what was opened, that is closed.
 */
internal suspend fun <T : AutoCloseable> opening(
    context: CoroutineContext = EmptyCoroutineContext,
    call: () -> T,
): T {
    var opened: T? = null
    try {
        return interruptible(context) { call().also { opened = it } }
    } catch (cancelled: CancellationException) {
        opened?.close()
        throw cancelled
    }
}

/** Pulls a run to its end on [dispatcher], and tells of its events in the caller's context. */
internal suspend fun <E> pullToEnd(
    dispatcher: CoroutineDispatcher,
    onEvent: suspend (E) -> Unit,
    begin: () -> TrainingRun<E>,
) {
    val run = opening(dispatcher) { begin() }
    try {
        while (run.hasNext()) {
            onEvent(interruptible(dispatcher) { run.next() })
        }
    } finally {
        // Fetches the weights where it ends early.
        withContext(NonCancellable + dispatcher) { run.close() }
    }
}
