@file:JvmName("TrainingSettings")

package io.weft.dsl

import io.weft.data.Examples
import io.weft.engine.Precision
import io.weft.optimise.Adam
import io.weft.optimise.AdamW
import io.weft.optimise.Optimiser
import io.weft.optimise.RateSchedule
import io.weft.optimise.RmsProp
import io.weft.train.FineTune
import io.weft.train.Keep
import io.weft.train.Metric
import io.weft.train.RunListener
import io.weft.train.TrainingListener
import io.weft.train.TrainingOptions
import io.weft.train.TrainingRecipe

/**
 * Returns training options; what is left out keeps the core's default.
 *
 * ```
 * trainingOptions(seed = 7) {
 *     epochs = 3
 *     batch = 16
 *     adam(rate = 1e-3)
 *     validateOn(test)
 * }
 * ```
 *
 * @param seed any number; it decides the order of the examples and all noise
 * @throws IllegalArgumentException if a number is out of range, or early stopping is asked for
 *   without validation
 */
@JvmSynthetic
public fun trainingOptions(
    seed: Long,
    configure: TrainingScope.() -> Unit = {},
): TrainingOptions = TrainingOptions.seed(seed).also { TrainingScope(it).configure() }.build()

/** What training is configured with; each setting checks its range at once. */
@WeftDsl
public class TrainingScope internal constructor(
    private val builder: TrainingOptions.Builder,
) {
    /** Passes over the examples, at least 1. Of this and [steps] the last one set counts. */
    public var epochs: Int? by Setting { builder.epochs(it) }

    /** Steps, at least 1. Of this and [epochs] the last one set counts. */
    public var steps: Long? by Setting { builder.steps(it) }

    /** Examples that a step takes, at least 1. */
    public var batch: Int? by Setting { builder.batch(it) }

    /**
     * Examples of each micro-batch that a batch is cut into, at least 1: the memory of a few in
     * place of all, and the same bits on any number of cores. What that takes, and how dropout and
     * batch normalisation differ, is said at [TrainingOptions.Builder.microBatch].
     */
    public var microBatch: Int? by Setting { builder.microBatch(it) }

    /** What a run that fine-tunes a trained model takes over from the run before. */
    public var fineTune: FineTune? by Setting { builder.fineTune(it) }

    /** Micro-batches that are computed side by side, at most; one for each core. */
    public var threads: Int? by Setting { builder.threads(it) }

    /** Factor of half the weights' square sum in the loss, at least 0; biases are spared. */
    public var weightDecay: Double? by Setting { builder.weightDecay(it) }

    /** The global norm that larger gradients are scaled down to, above 0. */
    public var clipNorm: Double? by Setting { builder.clipNorm(it) }

    /**
     * How much of the Polyak average of the weights a step keeps, in (0, 1). A new run without it
     * starts from the average that the run before has left.
     */
    public var polyak: Double? by Setting { builder.polyak(it) }

    /** What steps compute in; validation stays in float32. Checked where training begins. */
    public var precision: Precision? by Setting { builder.precision(it) }

    /** Steps between validations, at least 1, in place of every epoch. */
    public var validateEvery: Long? by Setting { builder.validateEvery(it) }

    /** Validations without a new best after which training stops, at least 1. */
    public var stopEarly: Int? by Setting { builder.stopEarly(it) }

    /**
     * Stops after [validations], at least 1, none of which gains at least [gain] bits per dimension
     * on the last that did.
     */
    public fun stopEarly(
        validations: Int,
        gain: Double,
    ) {
        builder.stopEarly(validations, gain)
    }

    /** Which of the run's weights the model is given: where it is validated, the best. */
    public var keep: Keep? by Setting { builder.keep(it) }

    /**
     * Steps between two checkpoints, at least 1: the model is given weights and state then too, not
     * only after validations and the last step. See [io.weft.train.TrainingEvent.Checkpointed].
     */
    public var checkpointEvery: Long? by Setting { builder.checkpointEvery(it) }

    /** Uses Adam at one learning rate, above 0. */
    public fun adam(rate: Double): Unit = optimiser(Adam.withRate(rate))

    /** Uses Adam at a learning rate that changes with the steps. */
    public fun adam(rate: RateSchedule): Unit = optimiser(Adam.withRate(rate))

    /** Uses Adam with decoupled weight decay at one learning rate, above 0. */
    public fun adamW(
        rate: Double,
        decay: Double = AdamW.DECAY,
    ): Unit = optimiser(AdamW.withRate(rate).withDecay(decay))

    /** Uses Adam with decoupled weight decay at a learning rate that changes with the steps. */
    public fun adamW(
        rate: RateSchedule,
        decay: Double = AdamW.DECAY,
    ): Unit = optimiser(AdamW.withRate(rate).withDecay(decay))

    /** Uses RMSProp at one learning rate, above 0. */
    public fun rmsProp(rate: Double): Unit = optimiser(RmsProp.withRate(rate))

    /** Uses RMSProp at a learning rate that changes with the steps. */
    public fun rmsProp(rate: RateSchedule): Unit = optimiser(RmsProp.withRate(rate))

    /** Uses this optimiser. */
    public fun optimiser(value: Optimiser) {
        builder.optimiser(value)
    }

    /** Leaves layers, or blocks with all that is in them, as they are. */
    public fun freeze(vararg layers: String) {
        builder.freeze(*layers)
    }

    /** Freezes everything but [layers]. */
    public fun trainOnly(vararg layers: String) {
        builder.trainOnly(*layers)
    }

    /** Multiplies the learning rate of one layer, or of all in a block, by [factor], at least 0. */
    public fun layerRate(
        layer: String,
        factor: Double,
    ) {
        builder.layerRate(layer, factor)
    }

    /** Trains as [recipe] says; what is set after it replaces a part of it. */
    public fun recipe(recipe: TrainingRecipe) {
        builder.recipe(recipe)
    }

    /** Tells [listener] of every event, on the thread that trains, before the next step. */
    public fun listen(listener: TrainingListener) {
        builder.listen(listener)
    }

    /** As [listen], with the run in hand: [listener] may stop it, and see its weights. */
    public fun control(listener: RunListener) {
        builder.control(listener)
    }

    /** Measures something of one's own at each validation; it comes with its event. */
    public fun metric(
        name: String,
        metric: Metric,
    ) {
        builder.metric(name, metric)
    }

    /** Validates on [examples] after every epoch, or as [validateEvery] says. */
    public fun validateOn(examples: Examples) {
        builder.validateOn(examples)
    }
}
