@file:JvmName("MultiScales")

package io.weft.dsl

import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.json.LayerCatalog
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScale
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.MultiScaleSampler
import io.weft.pyramid.Scale
import io.weft.pyramid.ScaledEvent
import io.weft.pyramid.ScaledPixel
import io.weft.sample.SampledImage
import io.weft.score.Scores
import io.weft.train.TrainingOptions
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import java.io.IOException
import java.io.InputStream
import java.nio.file.Path

/*
 * Pyramids of two models. Flows, threads, cancellation and errors are as those of a single model.
 */

/**
 * Returns two models as one: [small] draws small images, and [large] the large images that they are
 * parts of.
 *
 * @param condition the name of the large model's spatial condition that takes the small image
 * @param scale how the small image lies in the large one
 * @throws io.weft.spec.DefinitionException if the two do not go together
 */
public fun multiScale(
    small: Definition,
    large: Definition,
    condition: String,
    scale: Scale,
): MultiScale = MultiScale(small, large, condition, scale)

/**
 * Generates images scale after scale and returns their pixels as they are drawn: of each group of
 * `batch` images the small images' pixels, then those of the large ones that are not known by then.
 * The contract is that of a single model's [sample], but that each group of images takes the
 * weights that the models have when it begins.
 *
 * @param count images, at least 1
 * @param seed any number; it fixes all randomness
 * @throws IllegalArgumentException if a number is out of range, or conditions are missing or do not
 *   fit
 * @throws IllegalStateException if the pyramid is closed
 */
@JvmSynthetic
public fun MultiScaleModel.sample(
    count: Int,
    seed: Long,
    configure: MultiScaleSamplingScope.() -> Unit = {},
): Flow<ScaledPixel> = sampler(count, seed, configure).pixels().asFlow()

/**
 * Generates images and returns each large one when it is whole. The contract is that of a single
 * model's [sampleImages].
 *
 * @param count images, at least 1
 * @param seed any number; it fixes all randomness
 * @throws IllegalArgumentException if a number is out of range, or conditions are missing or do not
 *   fit
 * @throws IllegalStateException if the pyramid is closed
 */
@JvmSynthetic
public fun MultiScaleModel.sampleImages(
    count: Int,
    seed: Long,
    configure: MultiScaleSamplingScope.() -> Unit = {},
): Flow<SampledImage> = sampler(count, seed, configure).images().asFlow()

/**
 * Returns the core's sampler of [count] images, for its blocking forms and its publisher.
 *
 * @param count images, at least 1
 * @param seed any number; it fixes all randomness
 * @throws IllegalArgumentException if a number is out of range
 * @throws IllegalStateException if the pyramid is closed
 */
@JvmSynthetic
public fun MultiScaleModel.sampler(
    count: Int,
    seed: Long,
    configure: MultiScaleSamplingScope.() -> Unit = {},
): MultiScaleSampler = MultiScaleSamplingScope(sampler(seed).count(count)).apply(configure).sampler

/**
 * Returns training of both models, the small one first, as a cold flow. The contract is that of a
 * single model's [trainingEvents].
 */
public fun MultiScaleModel.trainingEvents(
    examples: Examples,
    options: TrainingOptions,
): Flow<ScaledEvent> = events { training(examples, options) }

/**
 * Returns the rest of training as a cold flow; see [MultiScaleModel.resuming] for what it goes on
 * with. The contract is that of a single model's [resumingEvents].
 */
public fun MultiScaleModel.resumingEvents(
    examples: Examples,
    options: TrainingOptions,
): Flow<ScaledEvent> = events { resuming(examples, options) }

/**
 * Returns training of both models, each by options of its own, as a cold flow; as above.
 *
 * @param ofSmall of the small model
 * @param ofLarge of the large model
 */
public fun MultiScaleModel.trainingEvents(
    examples: Examples,
    ofSmall: TrainingOptions,
    ofLarge: TrainingOptions,
): Flow<ScaledEvent> = events { training(examples, ofSmall, ofLarge) }

/**
 * Returns training as a cold flow, as above, with options in place.
 *
 * @param seed any number; it decides the order of the examples and all noise
 * @throws IllegalArgumentException if an option is out of range
 */
@JvmSynthetic
public fun MultiScaleModel.trainingEvents(
    examples: Examples,
    seed: Long,
    configure: TrainingScope.() -> Unit = {},
): Flow<ScaledEvent> = trainingEvents(examples, trainingOptions(seed, configure))

/**
 * Returns the rest of training, of each model by options of its own, as a cold flow; as above.
 *
 * @param ofSmall of the small model
 * @param ofLarge of the large model
 */
public fun MultiScaleModel.resumingEvents(
    examples: Examples,
    ofSmall: TrainingOptions,
    ofLarge: TrainingOptions,
): Flow<ScaledEvent> = events { resuming(examples, ofSmall, ofLarge) }

/**
 * Trains both models, the small one first: [MultiScaleModel.train], suspending. Threads, cancellation
 * and [onEvent] are as a single model's [trainSuspending] says.
 *
 * @param dispatcher runs the steps
 * @param onEvent hears of every event, in order, before the next step
 * @throws IllegalArgumentException if the examples do not suit the pyramid
 * @throws IllegalStateException if it is closed or trained already
 * @throws io.weft.train.TrainingException if a value is not finite
 */
@JvmSynthetic
public suspend fun MultiScaleModel.trainSuspending(
    examples: Examples,
    options: TrainingOptions,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (ScaledEvent) -> Unit = {},
): Unit = trainSuspending(examples, options, options, dispatcher, onEvent)

/**
 * Trains both models, each by options of its own; as above.
 *
 * @param ofSmall of the small model
 * @param ofLarge of the large model
 * @param dispatcher runs the steps
 * @param onEvent hears of every event, in order, before the next step
 */
@JvmSynthetic
public suspend fun MultiScaleModel.trainSuspending(
    examples: Examples,
    ofSmall: TrainingOptions,
    ofLarge: TrainingOptions,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (ScaledEvent) -> Unit = {},
): Unit = pullToEnd(dispatcher, onEvent) { training(examples, ofSmall, ofLarge) }

/**
 * Trains as above, with options in place.
 *
 * @param seed any number; it decides the order of the examples and all noise
 * @param dispatcher runs the steps
 * @throws IllegalArgumentException if an option is out of range or the examples do not suit
 */
@JvmSynthetic
public suspend fun MultiScaleModel.trainSuspending(
    examples: Examples,
    seed: Long,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (ScaledEvent) -> Unit = {},
    configure: TrainingScope.() -> Unit = {},
): Unit = trainSuspending(examples, trainingOptions(seed, configure), dispatcher, onEvent)

/**
 * Goes on with training: [MultiScaleModel.resume], suspending.
 *
 * @throws IllegalArgumentException if examples or method are not those of the runs, or both have
 *   taken all steps that are asked for
 * @throws IllegalStateException if there is nothing to go on with
 */
@JvmSynthetic
public suspend fun MultiScaleModel.resumeSuspending(
    examples: Examples,
    options: TrainingOptions,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (ScaledEvent) -> Unit = {},
): Unit = resumeSuspending(examples, options, options, dispatcher, onEvent)

/**
 * Goes on with training, of each model by options of its own; as above.
 *
 * @param ofSmall of the small model
 * @param ofLarge of the large model
 */
@JvmSynthetic
public suspend fun MultiScaleModel.resumeSuspending(
    examples: Examples,
    ofSmall: TrainingOptions,
    ofLarge: TrainingOptions,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (ScaledEvent) -> Unit = {},
): Unit = pullToEnd(dispatcher, onEvent) { resuming(examples, ofSmall, ofLarge) }

/**
 * Returns the exact log-likelihoods of large images under an order of each model:
 * [MultiScaleModel.score], suspending.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.spec.DefinitionException if a model is not causal under its order
 * @throws IllegalArgumentException if the examples do not suit the pyramid
 * @throws IllegalStateException if it is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun MultiScaleModel.scoreSuspending(
    examples: Examples,
    ofSmall: GenerationOrder,
    ofLarge: GenerationOrder,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Scores = interruptible(dispatcher) { score(examples, ofSmall, ofLarge) }

/**
 * Returns lower bounds of the log-likelihoods, as the paper has them: [MultiScaleModel.scoreBound],
 * suspending.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the examples do not suit the pyramid
 * @throws IllegalStateException if it is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun MultiScaleModel.scoreBoundSuspending(
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Scores = interruptible(dispatcher) { scoreBound(examples) }

/**
 * Returns the distributions that the colour values of one pixel of the large image are drawn from,
 * `[channel][level]`: [MultiScaleSampler.probabilities], suspending.
 *
 * @param levels the large image, `[row, column, channel]`; below 0 where nothing is drawn yet
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the pixel is known, there are not as many levels as the image
 *   has, or one that comes before is not drawn yet or out of range
 * @throws IndexOutOfBoundsException if there is no such pixel
 * @throws IllegalStateException if the pyramid is closed
 */
@JvmSynthetic
public suspend fun MultiScaleSampler.probabilitiesSuspending(
    levels: IntArray,
    row: Int,
    column: Int,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Array<DoubleArray> = interruptible(dispatcher) { probabilities(levels, row, column) }

/**
 * Returns a pyramid with the weights that training starts from: [MultiScaleModel.initial], suspending.
 * Close it in the end.
 *
 * @param seed any number; the weights follow from it and the definitions
 * @param dispatcher runs the call; cancelling interrupts it
 */
@JvmSynthetic
public suspend fun initialMultiScaleSuspending(
    definition: MultiScale,
    seed: Long,
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): MultiScaleModel = opening(dispatcher) { MultiScaleModel.initial(definition, seed, device) }

/**
 * Returns a saved pyramid: [MultiScaleModel.load], suspending. Close it in the end.
 *
 * @param catalog has the models' own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if there is none, or it is damaged, foreign or newer
 * @throws IOException if the files cannot be read
 */
@JvmSynthetic
public suspend fun loadMultiScaleSuspending(
    folder: Path,
    catalog: LayerCatalog = LayerCatalog.standard(),
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): MultiScaleModel = opening(dispatcher) { MultiScaleModel.load(folder, catalog, device) }

/**
 * Returns a pyramid from a zip of its folder: [MultiScaleModel.load], suspending. Close it in the end.
 *
 * @param zip read to the end of the zip; stays open. Cancelling does not end a read that waits for
 *   somebody: close what it waits for
 * @param catalog has the models' own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if there is none, or it is damaged, foreign or newer
 * @throws IOException if reading fails
 */
@JvmSynthetic
public suspend fun loadMultiScaleSuspending(
    zip: InputStream,
    catalog: LayerCatalog = LayerCatalog.standard(),
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): MultiScaleModel = opening(dispatcher) { MultiScaleModel.load(zip, catalog, device) }

/**
 * Returns a pyramid on the class path: [MultiScaleModel.loadResource], suspending. Close it in the
 * end.
 *
 * @param owner the class beside which the resource lies
 * @param name of the folder or the zip; from the root of the class path with a slash in front
 * @param catalog has the models' own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if there is none, or it is damaged, foreign or newer
 * @throws IOException if reading fails
 */
@JvmSynthetic
public suspend fun loadMultiScaleResourceSuspending(
    owner: Class<*>,
    name: String,
    catalog: LayerCatalog = LayerCatalog.standard(),
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): MultiScaleModel =
    opening(dispatcher) {
        MultiScaleModel.loadResource(owner, name, catalog, device)
    }
