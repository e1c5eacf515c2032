@file:JvmName("Detectors")

package io.weft.dsl

import io.weft.Model
import io.weft.anomaly.Anomalies
import io.weft.anomaly.AnomalyDetector
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.json.LayerCatalog
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import java.io.IOException
import java.nio.file.Path

/*
 * Detectors of what is unlike the images that they have seen. Threading, cancellation and errors are as
 * for all suspending forms of the core's calls.
 */

/**
 * Fits a detector on good images: [AnomalyDetector.Builder.fit], suspending. Close it in the end.
 *
 * ```
 * val detector =
 *     fitDetectorSuspending(definition, good) {
 *         training(trainingOptions(seed = 1) { steps = 1_500 })
 *         falseAlarms(0.01)
 *     }
 * ```
 *
 * @param definition of both models, without conditions
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if an option is out of range, or the images do not fit the model or
 *   are too few
 * @throws io.weft.train.TrainingException if a value is not finite, or training has diverged
 */
@JvmSynthetic
public suspend fun fitDetectorSuspending(
    definition: Definition,
    good: ImageSet,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    configure: AnomalyDetector.Builder.() -> Unit = {},
): AnomalyDetector {
    val builder = AnomalyDetector.builder(definition).apply(configure)
    return opening(dispatcher) { builder.fit(good) }
}

/**
 * Returns a detector of models that are there already: [AnomalyDetector.of], suspending. Close it in the
 * end, and the models with it; where this fails or is cancelled they stay the caller's.
 *
 * @param model of good images
 * @param background of images in general, of the same form
 * @param heldOut good images that neither was trained on
 * @param falseAlarms flags good images no more often than this, above 0 and below 1
 * @param seed decides what is done to images to choose the score
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the images do not fit the models, a model has conditions, or
 *   there are too few images for the rate
 */
@JvmSynthetic
public suspend fun detectorSuspending(
    model: Model,
    background: Model,
    heldOut: ImageSet,
    falseAlarms: Double,
    seed: Long,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): AnomalyDetector =
    interruptible(dispatcher) {
        AnomalyDetector.of(model, background, heldOut, falseAlarms, seed)
    }

/**
 * Returns how strange images are: [AnomalyDetector.check], suspending.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the images do not fit the model
 * @throws IllegalStateException if the detector is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the image
 */
@JvmSynthetic
public suspend fun AnomalyDetector.checkSuspending(
    images: ImageSet,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Anomalies = interruptible(dispatcher) { check(images) }

/**
 * Saves this detector: [AnomalyDetector.save], suspending. Once begun it goes on to its end.
 *
 * @param catalog has its models' own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if the folder holds anything else
 * @throws IOException if writing fails
 */
@JvmSynthetic
public suspend fun AnomalyDetector.saveSuspending(
    folder: Path,
    catalog: LayerCatalog = LayerCatalog.standard(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Unit = interruptible(dispatcher) { save(folder, catalog) }

/**
 * Returns a saved detector: [AnomalyDetector.load], suspending. Close it in the end.
 *
 * @param catalog has its models' own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if there is none, or it is damaged, foreign or newer
 * @throws IOException if the files cannot be read
 */
@JvmSynthetic
public suspend fun loadDetectorSuspending(
    folder: Path,
    catalog: LayerCatalog = LayerCatalog.standard(),
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): AnomalyDetector = opening(dispatcher) { AnomalyDetector.load(folder, catalog, device) }
