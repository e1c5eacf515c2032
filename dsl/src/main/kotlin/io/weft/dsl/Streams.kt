package io.weft.dsl

import io.weft.data.Example
import io.weft.data.Examples
import io.weft.spec.ImageSpec

/**
 * Returns the examples of a sequence, of which [buffer] at a time are in memory and shuffled
 * together; [Examples.streamed] says how, and what has to hold.
 *
 * The sequence is gone through once now, and once for each epoch of training, so it must give the
 * same examples again, and end: one that is made from an iterator (`asSequence`) cannot begin anew,
 * and an endless one needs `take`.
 *
 * @param image what the images are like
 * @param buffer how many examples are shuffled together, at least 1
 */
public fun Sequence<Example>.streamedExamples(
    image: ImageSpec,
    buffer: Int,
): Examples = Examples.streamed(asIterable(), image, buffer)
