@file:JvmName("ReadingData")

package io.weft.dsl

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers

/**
 * Reads, downloads or writes data with calls of `io.weft.data`, and weights with those of
 * `io.weft.exchange`, which block: suspending. What Suspending.kt says of all such calls holds.
 *
 * ```
 * val train = readDataSuspending { Mnist.train(folder) }
 * val pictures = readDataSuspending { ImageFolder.at(folder).grey().read() }
 * ```
 *
 * @param dispatcher runs the calls; cancelling interrupts them
 * @param read one or more calls; what it throws is thrown
 * @return what [read] returns
 */
@JvmSynthetic
public suspend fun <T> readDataSuspending(
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
    read: () -> T,
): T = interruptible(dispatcher, read)
