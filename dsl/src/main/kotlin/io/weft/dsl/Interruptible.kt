package io.weft.dsl

import io.weft.internal.Seam
import io.weft.train.TrainingRun
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import java.io.IOException
import java.io.InterruptedIOException
import java.nio.channels.ClosedByInterruptException
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/**
 * Makes a blocking call of the core in [context], where cancelling the coroutine interrupts it: it
 * then ends as soon as `io.weft` promises, with the exception that the coroutine was cancelled with.
 *
 * @throws CancellationException if the coroutine is cancelled; also if somebody else interrupts the
 *   thread, or [context] takes no tasks any more
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
    } catch (failed: IOException) {
        // What streams and channels of Java throw where their thread is interrupted.
        if (failed is ClosedByInterruptException || failed is InterruptedIOException) {
            currentCoroutineContext().ensureActive()
        }
        throw failed
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
    } catch (failure: Throwable) {
        // What a listener throws at the end must not hide what ended it.
        runCatching { close(run, dispatcher) }.onFailure(failure::addSuppressed)
        throw failure
    }
    close(run, dispatcher)
}

/** Closes a run, which fetches the weights where it ends early. */
private suspend fun close(
    run: AutoCloseable,
    dispatcher: CoroutineDispatcher,
) = withContext(NonCancellable) {
    try {
        withContext(dispatcher) { run.close() }
    } catch (rejected: CancellationException) {
        // A dispatcher that is closed takes no tasks, and nobody else has the run.
        withContext(Dispatchers.IO) { run.close() }
    }
}
