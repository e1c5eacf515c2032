package io.weft.samples.cli

import io.weft.codec.Codec
import io.weft.codec.CodedImages
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.sample.Sampler
import io.weft.spec.ConditionValues

/** Sampling some images in lockstep, and in turns with it decoding and encoding the same images. */
internal class CodingRace(
    sampler: Sampler,
    codec: Codec,
    conditions: (Int) -> ConditionValues,
) {
    private val drawn = sampler.images().toList()
    private val image = codec.definition().image()
    private val coded: CodedImages
    private val sampling = Stint { sampler.images().toList() }
    private val decoding: Stint
    private val encoding: Stint

    init {
        val levels = drawn.flatMap { it.levels().asList() }.toIntArray()
        val examples = Examples.conditioned(ImageSet.of(image, levels), conditions)
        coded = codec.encode(examples).conditions(conditions)
        check(coded.images().toList() == drawn) { "what was decoded is not what was sampled" }
        decoding = Stint { coded.images().toList() }
        encoding = Stint { codec.encode(examples) }
    }

    private val stints = listOf(sampling, decoding, encoding)

    /** Lets Java settle, for at most [budget] seconds each. */
    fun warmUp(budget: Double) = stints.forEach { it.warmUp(budget) }

    /** Measures each; who goes first changes with [round]. */
    fun measure(round: Int) =
        (if (round % 2 == 0) stints else stints.reversed()).forEach { it.measure() }

    /** Times are for one pixel of every image. */
    fun json(): Map<String, Any?> =
        linkedMapOf(
            "batch" to drawn.size,
            "blocks" to coded.blocks(),
            "bytes" to coded.bytes(),
            "sampling" to json(sampling),
            "decoding" to json(decoding) + against(sampling, decoding),
            "encoding" to json(encoding) + against(sampling, encoding),
        )

    private fun json(stint: Stint): Map<String, Any?> =
        linkedMapOf(
            "microseconds_per_pixel" to stint.median / image.pixels() * MICROS,
            "least_microseconds_per_pixel" to stint.least / image.pixels() * MICROS,
            "seconds_per_image" to stint.median / drawn.size,
        )

    private fun against(
        sampling: Stint,
        coding: Stint,
    ): Map<String, Any?> =
        linkedMapOf(
            "times_sampling" to coding.times(sampling),
            "least_times_sampling" to coding.least / sampling.least,
        )

    private companion object {
        const val MICROS = 1e6
    }
}
