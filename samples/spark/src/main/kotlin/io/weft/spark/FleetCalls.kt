package io.weft.spark

import io.weft.Model
import io.weft.anomaly.Anomalies
import io.weft.anomaly.AnomalyDetector
import io.weft.codec.Codec
import io.weft.codec.CodedImages
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.dsl.interruptible
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScaleModel
import io.weft.score.EnsembleScores
import io.weft.score.Scores
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import java.io.IOException

/*
 * The suspending forms of a fleet's blocking calls, named by the call and "Suspending" behind it, as
 * those of the core are. For all of them:
 *
 * Threading: the caller's thread is free; the call blocks a thread of the dispatcher that is given,
 * which its listener hears from too.
 *
 * Cancellation: Spark's jobs are cancelled, and their tasks interrupted.
 *
 * Errors are those of the blocking call. Images one by one are a flow: sampler.images().asFlow().
 */

/**
 * Returns the log-likelihoods of examples: [Fleet.score], suspending.
 *
 * @param order any; the model's own where nothing is said
 * @param dispatcher runs the call; cancelling cancels Spark's jobs
 * @param listener hears how far it is
 * @throws IllegalArgumentException if the examples do not fit the model
 * @throws IllegalStateException if the fleet is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message says among which images
 * @throws FleetException if the workers fail, or compute other numbers than the driver
 */
@JvmSynthetic
public suspend fun Fleet.scoreSuspending(
    model: Model,
    examples: Examples,
    order: GenerationOrder = model.definition().order(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
    listener: FleetListener = FleetListener.none(),
): Scores = interruptible(dispatcher) { score(model, examples, order, listener) }

/**
 * Returns the log-likelihoods of examples under several orders and their ensemble:
 * [Fleet.scoreEnsemble], suspending.
 *
 * @param orders at least one, declared or not; those that the model declares where nothing is said
 * @param dispatcher runs the call; cancelling cancels Spark's jobs
 * @param listener hears of each image once for each order
 * @throws io.weft.spec.DefinitionException if the model is not causal under one of the orders
 * @throws IllegalArgumentException if the examples do not fit the model
 * @throws IllegalStateException if the fleet is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message says among which images
 * @throws FleetException if the workers fail, or compute other numbers than the driver
 */
@JvmSynthetic
public suspend fun Fleet.scoreEnsembleSuspending(
    model: Model,
    examples: Examples,
    orders: List<GenerationOrder> = model.definition().orders(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
    listener: FleetListener = FleetListener.none(),
): EnsembleScores = interruptible(dispatcher) { scoreEnsemble(model, examples, orders, listener) }

/**
 * Returns the log-likelihoods of examples under a pyramid: [Fleet.score], suspending.
 *
 * @param ofSmall the order of the small model, its own where nothing is said; [ofLarge] of the large
 * @param dispatcher runs the call; cancelling cancels Spark's jobs
 * @param listener hears of each image twice
 * @throws io.weft.spec.DefinitionException if a model is not causal under its order
 * @throws IllegalArgumentException if the examples do not fit the pyramid
 * @throws IllegalStateException if the fleet is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message says among which images
 * @throws FleetException if the workers fail, or compute other numbers than the driver
 */
@JvmSynthetic
public suspend fun Fleet.scoreSuspending(
    model: MultiScaleModel,
    examples: Examples,
    ofSmall: GenerationOrder = model.definition().small().order(),
    ofLarge: GenerationOrder = model.definition().large().order(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
    listener: FleetListener = FleetListener.none(),
): Scores = interruptible(dispatcher) { score(model, examples, ofSmall, ofLarge, listener) }

/**
 * Returns lower bounds of the log-likelihoods of examples under a pyramid: [Fleet.scoreBound],
 * suspending.
 *
 * @param dispatcher runs the call; cancelling cancels Spark's jobs
 * @param listener hears of each image twice
 * @throws IllegalArgumentException if the examples do not fit the pyramid
 * @throws IllegalStateException if the fleet is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message says among which images
 * @throws FleetException if the workers fail, or compute other numbers than the driver
 */
@JvmSynthetic
public suspend fun Fleet.scoreBoundSuspending(
    model: MultiScaleModel,
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
    listener: FleetListener = FleetListener.none(),
): Scores = interruptible(dispatcher) { scoreBound(model, examples, listener) }

/**
 * Codes images without loss: [Fleet.compress], suspending.
 *
 * @param dispatcher runs the call; cancelling cancels Spark's jobs
 * @param listener hears how far it is
 * @throws IllegalArgumentException if the examples do not fit the model
 * @throws IllegalStateException if the fleet is closed
 * @throws FleetException if the workers fail
 */
@JvmSynthetic
public suspend fun Fleet.compressSuspending(
    codec: Codec,
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
    listener: FleetListener = FleetListener.none(),
): CodedImages = interruptible(dispatcher) { compress(codec, examples, listener) }

/**
 * Returns how strange images are: [Fleet.anomalies], suspending.
 *
 * @param dispatcher runs the call; cancelling cancels Spark's jobs
 * @param listener hears how far it is: two passes over the images
 * @throws IllegalArgumentException if the images do not fit the model
 * @throws IllegalStateException if the fleet is closed
 * @throws FleetException if the workers fail, or compute other numbers than the driver
 */
@JvmSynthetic
public suspend fun Fleet.anomaliesSuspending(
    detector: AnomalyDetector,
    images: ImageSet,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
    listener: FleetListener = FleetListener.none(),
): Anomalies = interruptible(dispatcher) { anomalies(detector, images, listener) }

/**
 * Draws all images into a folder: [FleetSampler.saveTo], suspending. Parts that are whole when it is
 * cancelled stay, and are not drawn again.
 *
 * @param folder that driver and workers see alike
 * @param dispatcher runs the call; cancelling cancels Spark's jobs
 * @throws IllegalArgumentException if conditions are missing or do not fit the model, or the folder
 *   has parts of another series
 * @throws IllegalStateException if the fleet is closed
 * @throws FleetException if the workers fail, or what they wrote is not to be seen here
 * @throws IOException if the folder cannot be read or written
 */
@JvmSynthetic
public suspend fun FleetSampler.saveToSuspending(
    folder: String,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): SavedParts = interruptible(dispatcher) { saveTo(folder) }
