@file:OptIn(ExperimentalTypeInference::class)

package io.weft.dsl

import io.weft.complete.KnownPixels
import io.weft.order.GenerationOrder
import io.weft.sample.Sampler
import io.weft.sample.SamplingExecutor
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import java.util.function.LongFunction
import kotlin.experimental.ExperimentalTypeInference

/** What sampling is configured with; each setting checks its range at once. */
@WeftDsl
public class SamplingScope internal constructor(
    internal var sampler: Sampler,
) {
    private var values: ((Long) -> ConditionValues)? = null

    /** Images that are generated in lockstep, at least 1. The images are the same. */
    public var batch: Int? by Setting { sampler = sampler.batch(it) }

    /** What logits are divided by, above 0: 1 is the model itself, below 1 the likely is likelier. */
    public var temperature: Double? by Setting { sampler = sampler.temperature(it) }

    /** What runs the steps of sampling; [SamplingExecutor.automatic] without this. */
    public var executor: SamplingExecutor? by Setting { sampler = sampler.executor(it) }

    /**
     * The generation order, in place of the model's own. One that the model was not declared for is
     * proven here and now, on this thread, which may take seconds.
     *
     * @throws io.weft.spec.DefinitionException if the model is not causal under it, or it is for
     *   images of another size
     */
    public var order: GenerationOrder? by Setting { sampler = sampler.order(it) }

    /** The index of the first image, from 0: image k of a longer series again, on its own. */
    public var firstImage: Long? by Setting { sampler = sampler.firstImage(it) }

    /**
     * Gives each image a class, in a model whose only condition is one.
     *
     * @param of the class of an image by its index; a pure function
     * @throws IllegalArgumentException if the model has other conditions, or none
     */
    @OverloadResolutionByLambdaReturnType
    @JvmSynthetic
    public fun label(of: (image: Int) -> Int) {
        sampler = sampler.labels { of(it.asInt()) }
    }

    /**
     * Gives each image a class for the condition [name]; other conditions may be given as well.
     *
     * @param of the class of an image by its index; a pure function
     */
    @OverloadResolutionByLambdaReturnType
    @JvmSynthetic
    public fun label(
        name: String,
        of: (image: Int) -> Int,
    ): Unit = given { image, before -> before.withLabel(name, of(image.asInt())) }

    /**
     * Gives each image a class by its name, in a model whose only condition is a class.
     *
     * @param of what the model calls the class of an image, by the image's index; a pure function
     * @throws IllegalArgumentException if the model has other conditions, or none
     */
    @OverloadResolutionByLambdaReturnType
    @JvmName("labelByName")
    @JvmSynthetic
    public fun label(of: (image: Int) -> String) {
        sampler = sampler.classes { of(it.asInt()) }
    }

    /**
     * Gives each image a class by its name for the condition [name]; other conditions may be given
     * as well.
     *
     * @param of what the model calls the class of an image, by the image's index; a pure function
     */
    @OverloadResolutionByLambdaReturnType
    @JvmName("labelByName")
    @JvmSynthetic
    public fun label(
        name: String,
        of: (image: Int) -> String,
    ): Unit = given { image, before -> before.withLabel(name, of(image.asInt())) }

    /**
     * Gives each image a vector for the condition [name]; other conditions may be given as well.
     *
     * @param of the vector of an image by its index; a pure function
     */
    @JvmSynthetic
    public fun vector(
        name: String,
        of: (image: Int) -> FloatArray,
    ): Unit = given { image, before -> before.withVector(name, *of(image.asInt())) }

    /**
     * Gives each image a spatial map for the condition [name]; other conditions may be given too.
     *
     * @param of the numbers of an image by its index, `[row, column, map]`; a pure function
     */
    @JvmSynthetic
    public fun map(
        name: String,
        of: (image: Int) -> FloatArray,
    ): Unit = given { image, before -> before.withMap(name, of(image.asInt())) }

    /**
     * Gives each image another one for the condition [name], such as the codes of a coarser grid;
     * other conditions may be given as well.
     *
     * @param spec what the other images are like
     * @param of the levels of one, `[row, column, channel]`
     */
    public fun image(
        name: String,
        spec: ImageSpec,
        of: (image: Int) -> IntArray,
    ): Unit = given { image, before -> before.withImage(name, spec, of(image.asInt())) }

    /**
     * Gives each image all its conditions, in place of any given before.
     *
     * @param of the conditions of an image by its index; a pure function
     */
    @JvmSynthetic
    public fun conditions(of: (image: Long) -> ConditionValues) {
        values = of
        sampler = sampler.conditions(of)
    }

    /**
     * Completes one image, in as many ways as images are asked for: its known pixels are kept, only
     * the missing ones are drawn. A flow of pixels has the missing ones; rows and images are whole.
     * The core's [Sampler.complete] says which known pixels serve as context.
     *
     * @throws IllegalArgumentException if the image is of another size, or has other levels
     */
    @JvmSynthetic
    public fun complete(known: KnownPixels) {
        sampler = sampler.complete(known)
    }

    /**
     * Completes images, each with known pixels and a mask of its own; see above.
     *
     * @param of what is known of an image by its index; a pure function
     */
    @JvmSynthetic
    public fun complete(of: (image: Int) -> KnownPixels) {
        sampler = sampler.complete(LongFunction { of(it.asInt()) })
    }

    private fun given(add: (Long, ConditionValues) -> ConditionValues) {
        val before = values ?: { ConditionValues.none() }
        conditions { image -> add(image, before(image)) }
    }
}

/** The index of an image, for functions that take one as an Int. */
internal fun Long.asInt(): Int {
    require(this <= Int.MAX_VALUE) {
        "image $this is beyond ${Int.MAX_VALUE}; give its conditions with conditions { }, and" +
            " complete it with the sampler's complete"
    }
    return toInt()
}
