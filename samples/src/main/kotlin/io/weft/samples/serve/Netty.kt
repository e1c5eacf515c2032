package io.weft.samples.serve

import io.netty.util.concurrent.Future
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** Waits for a result without a thread; the work is not cancelled. */
internal suspend fun <T> Future<T>.result(): T =
    suspendCancellableCoroutine { waiting ->
        addListener {
            if (isSuccess) waiting.resume(now) else waiting.resumeWithException(cause())
        }
    }
