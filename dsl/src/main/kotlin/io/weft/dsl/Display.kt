@file:JvmName("Display")

package io.weft.dsl

import io.weft.explain.Gallery
import io.weft.sample.SampledImage

/**
 * Returns these images with captions, to be looked at: [Gallery.html] in a notebook or on a page,
 * [Gallery.sheet] as one picture and its PNG bytes. The list must have at least one image.
 *
 * ```
 * HTML(images.gallery { "digit ${it.index()}" }.html())
 * ```
 *
 * In Java: [Gallery.ofSamples].
 *
 * @param caption says what an image was to be, for example its label
 * @throws IllegalArgumentException if there are no images
 */
@JvmSynthetic
public fun List<SampledImage>.gallery(caption: (SampledImage) -> String): Gallery =
    Gallery.ofSamples(this, caption)
