@file:JvmName("Coding")

package io.weft.dsl

import io.weft.codec.Codec
import io.weft.codec.CodedImages
import io.weft.data.Examples
import io.weft.sample.SampledImage
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.nio.file.Path

/*
 * The suspending forms of the codec's calls; what Suspending.kt says holds for them. Pixels, rows and
 * images as they are decoded are flows: coded.pixels().asFlow().
 */

/**
 * Codes images without loss: [Codec.encode], suspending.
 *
 * @param dispatcher runs the call, beside the common pool; cancelling interrupts it
 * @throws IllegalArgumentException if the examples do not fit the model
 * @throws ArithmeticException if the model gives no distribution; the message names the pixel
 */
@JvmSynthetic
public suspend fun Codec.encodeSuspending(
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): CodedImages = interruptible(dispatcher) { encode(examples) }

/**
 * Opens a file of coded images: [Codec.open], suspending.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.codec.CodecException if it was not coded by this codec's model, is damaged, or made
 *   by a newer Weft
 * @throws IOException if it cannot be read
 */
@JvmSynthetic
public suspend fun Codec.openSuspending(
    file: Path,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): CodedImages = interruptible(dispatcher) { open(file) }

/**
 * Reads coded images into memory: [Codec.read], suspending.
 *
 * @param stream is read to its end, and stays open
 * @param dispatcher runs the call; cancelling interrupts it, though not a stream that waits
 * @throws io.weft.codec.CodecException if they were not coded by this codec's model, are damaged, or
 *   made by a newer Weft
 * @throws IOException if reading fails
 */
@JvmSynthetic
public suspend fun Codec.readSuspending(
    stream: InputStream,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): CodedImages = interruptible(dispatcher) { read(stream) }

/**
 * Writes the file: [CodedImages.save], suspending. When it is cancelled, a file that was there before
 * is there still, or the new one is.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IOException if writing fails
 */
@JvmSynthetic
public suspend fun CodedImages.saveSuspending(
    file: Path,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Unit = interruptible(dispatcher) { save(file) }

/**
 * Writes what the file has: [CodedImages.writeTo], suspending.
 *
 * @param stream stays open
 * @param dispatcher runs the call; cancelling interrupts it, though not a stream that waits
 * @throws IOException if writing fails
 */
@JvmSynthetic
public suspend fun CodedImages.writeToSuspending(
    stream: OutputStream,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Unit = interruptible(dispatcher) { writeTo(stream) }

/**
 * Returns all images, with what each is conditioned on: [CodedImages.decode], suspending.
 *
 * @param dispatcher runs the call, beside the common pool; cancelling interrupts it
 * @throws IllegalArgumentException if conditions are missing or do not fit
 * @throws IllegalStateException if all images are more than Java's heap
 * @throws io.weft.codec.CodecException if the file is damaged
 * @throws IOException if it cannot be read
 */
@JvmSynthetic
public suspend fun CodedImages.decodeSuspending(
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Examples = interruptible(dispatcher) { decode() }

/**
 * Returns one image, whose block alone is decoded: [CodedImages.image], suspending.
 *
 * @param index its number in the file, from 0
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IndexOutOfBoundsException if there is no such image
 * @throws IllegalArgumentException if conditions are missing or do not fit
 * @throws io.weft.codec.CodecException if the file is damaged
 * @throws IOException if it cannot be read
 */
@JvmSynthetic
public suspend fun CodedImages.imageSuspending(
    index: Int,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): SampledImage = interruptible(dispatcher) { image(index) }

/**
 * Returns the labels of all images, without decoding the images: [CodedImages.labels], suspending.
 *
 * @param condition the name of a class condition of the model
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if there is no such condition, or its labels are not in the file
 * @throws IOException if the file cannot be read
 */
@JvmSynthetic
public suspend fun CodedImages.labelsSuspending(
    condition: String,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): IntArray = interruptible(dispatcher) { labels(condition) }
