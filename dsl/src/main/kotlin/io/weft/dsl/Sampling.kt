@file:JvmName("Sampling")

package io.weft.dsl

import io.weft.Model
import io.weft.sample.Pixel
import io.weft.sample.PixelRow
import io.weft.sample.SampledImage
import io.weft.sample.Sampler
import io.weft.sample.Samples
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * Generates images and returns their pixels as they are drawn: one element for each pixel of each
 * image, in generation order; a group of `batch` images in lockstep, group after group. Where
 * images are completed ([SamplingScope.complete]), one for each missing pixel.
 *
 * ```
 * model.sample(count = 10, seed = 7) { label { it } }
 *     .collect { canvas[it.image(), it.row(), it.column()] = it.values() }
 * ```
 *
 * **Pulling.** The flow is cold, and every collection starts from the beginning with the weights of
 * that moment. A pixel is computed when the collector has handled the one before (the images of a
 * group share each step): a slow collector slows sampling, and nothing runs ahead.
 *
 * **Context preservation.** Pixels are computed in the collector's own context, whose thread they
 * block meanwhile; between pixels, once a millisecond, others of that context have their turn. The
 * first pixel waits for what is compiled for the model. A step of many images is spread over the common pool. With
 * `flowOn(Dispatchers.Default)` pixels are computed elsewhere, as for a user interface they should
 * be; that operator puts a buffer between, so that sampling may be ahead of the collector by the
 * buffer (`buffer(0)` after it: by one pixel).
 *
 * **Cancellation** takes effect within a pixel, also while a model is compiled; a call of TensorFlow,
 * which may draw an image, is left at once and ends by itself. Cancelling, a collector that stops
 * early (`first`, `take`), and a collector that throws all release what the collection held.
 *
 * **Determinism.** The same seed and image index give the same image, whatever the batch, the
 * context, and the form ([sampleRows], [sampleImages]), with the same weights, conditions and
 * executor.
 *
 * **Errors** reach the collector: [IllegalStateException] if the model is closed, before collection
 * starts or while it lasts, [ArithmeticException] if a parameter is not finite.
 *
 * @param count images, at least 1
 * @param seed any number; it fixes all randomness
 * @throws IllegalArgumentException if a number is out of range, or conditions are missing or do not
 *   fit the model
 * @throws IllegalStateException if the model is closed
 */
@JvmSynthetic
public fun Model.sample(
    count: Int,
    seed: Long,
    configure: SamplingScope.() -> Unit = {},
): Flow<Pixel> = sampler(count, seed, configure).pixels().asFlow()

/**
 * Generates images and returns their rows, each as soon as its last pixel is drawn. The contract is
 * that of [sample], with rows for elements; others of the collector's context have their turn after
 * so many pixels of each image of the batch as a row has.
 *
 * @param count images, at least 1
 * @param seed any number; it fixes all randomness
 * @throws IllegalArgumentException if a number is out of range, or conditions are missing or do not
 *   fit the model
 * @throws IllegalStateException if the model is closed
 */
@JvmSynthetic
public fun Model.sampleRows(
    count: Int,
    seed: Long,
    configure: SamplingScope.() -> Unit = {},
): Flow<PixelRow> = sampler(count, seed, configure).rows().asFlow()

/**
 * Generates images and returns each when it is whole. The contract is that of [sample], with images
 * for elements; others of the collector's context have their turn after so many pixels of each image
 * of the batch as a row has.
 *
 * @param count images, at least 1
 * @param seed any number; it fixes all randomness
 * @throws IllegalArgumentException if a number is out of range, or conditions are missing or do not
 *   fit the model
 * @throws IllegalStateException if the model is closed
 */
@JvmSynthetic
public fun Model.sampleImages(
    count: Int,
    seed: Long,
    configure: SamplingScope.() -> Unit = {},
): Flow<SampledImage> = sampler(count, seed, configure).images().asFlow()

/**
 * Returns the core's sampler of [count] images, for its blocking forms, its publisher, and for
 * drawing by hand.
 *
 * @param count images, at least 1
 * @param seed any number; it fixes all randomness
 * @throws IllegalArgumentException if a number is out of range
 * @throws IllegalStateException if the model is closed
 */
@JvmSynthetic
public fun Model.sampler(
    count: Int,
    seed: Long,
    configure: SamplingScope.() -> Unit = {},
): Sampler = SamplingScope(sampler(seed).count(count)).apply(configure).sampler

/**
 * Returns a series of the core as a cold flow.
 *
 * **Pulling.** An element is computed when the collector has handled the one before. Every
 * collection starts the series anew.
 *
 * **Context preservation.** Elements are computed in the collector's own context and block its
 * thread meanwhile; between pixels (of rows and images, after so many as a row has), once a
 * millisecond, others of that context have their turn.
 *
 * **Cancellation** takes effect within a pixel, and releases what the collection held; so do a
 * collector that stops early and one that throws.
 */
public fun <T : Any> Samples<T>.asFlow(): Flow<T> =
    flow {
        opening { iterator() }.use { pull ->
            val turns = Turns()
            while (pull.hasNext()) {
                val isReady = interruptible { pull.advance() }
                if (isReady) emit(pull.next())
                turns.share()
            }
        }
    }
