@file:OptIn(ExperimentalTypeInference::class)

package io.weft.dsl

import io.weft.complete.KnownPixels
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScaleSampler
import io.weft.pyramid.Size
import io.weft.sample.SamplingExecutor
import io.weft.spec.ConditionValues
import java.util.function.LongFunction
import kotlin.experimental.ExperimentalTypeInference

/** What sampling of a pyramid is configured with; each setting checks its range at once. */
@WeftDsl
public class MultiScaleSamplingScope internal constructor(
    internal var sampler: MultiScaleSampler,
) {
    /** Images that are generated in lockstep, at least 1. The images are the same. */
    public var batch: Int? by Setting { sampler = sampler.batch(it) }

    /** What logits of both models are divided by, above 0: 1 is the models themselves. */
    public var temperature: Double? by Setting { sampler = sampler.temperature(it) }

    /** What runs the steps of sampling; [SamplingExecutor.automatic] without this. */
    public var executor: SamplingExecutor? by Setting { sampler = sampler.executor(it) }

    /** The index of the first image, from 0: image k of a longer series again, on its own. */
    public var firstImage: Long? by Setting { sampler = sampler.firstImage(it) }

    /**
     * Draws one of the images in this order in place of the model's own.
     *
     * @param size whose pixels
     * @throws io.weft.spec.DefinitionException if that model is not causal under the order, or it is
     *   for images of another size
     */
    @JvmSynthetic
    public fun order(
        size: Size,
        order: GenerationOrder,
    ) {
        sampler = sampler.order(size, order)
    }

    /**
     * Gives each image a class, in a pyramid whose only condition, beside the small image, is one.
     *
     * @param of the class of an image by its index; a pure function
     * @throws IllegalArgumentException if it has other conditions, or none
     */
    @OverloadResolutionByLambdaReturnType
    @JvmSynthetic
    public fun label(of: (image: Int) -> Int) {
        sampler = sampler.labels { of(it.asInt()) }
    }

    /**
     * Gives each image a class by its name, in a pyramid whose only condition, beside the small
     * image, is a class.
     *
     * @param of what the pyramid calls the class of an image, by the image's index; a pure function
     * @throws IllegalArgumentException if it has other conditions, or none
     */
    @OverloadResolutionByLambdaReturnType
    @JvmName("labelByName")
    @JvmSynthetic
    public fun label(of: (image: Int) -> String) {
        sampler = sampler.classes { of(it.asInt()) }
    }

    /**
     * Gives each image all its conditions; the small image is none of them.
     *
     * @param of the conditions of an image by its index; a pure function
     */
    @JvmSynthetic
    public fun conditions(of: (image: Long) -> ConditionValues) {
        sampler = sampler.conditions(of)
    }

    /**
     * Completes one large image, in as many ways as images are asked for: its known pixels are kept.
     *
     * @throws IllegalArgumentException if the image is of another size, or has other levels
     */
    @JvmSynthetic
    public fun complete(known: KnownPixels) {
        sampler = sampler.complete(known)
    }

    /**
     * Completes large images, each with known pixels and a mask of its own; the core's
     * [MultiScaleSampler.complete] says what is context for what.
     *
     * @param of what is known of an image by its index; a pure function
     */
    @JvmSynthetic
    public fun complete(of: (image: Int) -> KnownPixels) {
        sampler = sampler.complete(LongFunction { of(it.asInt()) })
    }
}
