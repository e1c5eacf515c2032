@file:JvmName("Suspending")

package io.weft.dsl

import io.weft.ImageModel
import io.weft.Model
import io.weft.complete.PixelMask
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.json.LayerCatalog
import io.weft.order.GenerationOrder
import io.weft.sample.Sampler
import io.weft.sample.Samples
import io.weft.score.ClassPosterior
import io.weft.score.ClassScores
import io.weft.score.EnsembleScores
import io.weft.score.Scores
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.nio.file.Path

/*
 * The suspending forms of the core's blocking calls: each has the name of the call, and "Suspending"
 * behind it, so that the name alone says whether a call blocks. For all of them, and for those of
 * training:
 *
 * Threading: the caller's thread is free; the call runs on the dispatcher that is given, and blocks a
 * thread of that one.
 *
 * Cancellation: the call is interrupted, and ends soon, as io.weft says. The model is usable as before.
 *
 * Errors are those of the blocking call.
 */

/**
 * Returns a model with the weights that training starts from: [Model.initial], suspending. Close it in
 * the end.
 *
 * @param seed any number; the weights follow from it and the definition
 * @param dispatcher runs the call; cancelling interrupts it
 */
@JvmSynthetic
public suspend fun initialModelSuspending(
    definition: Definition,
    seed: Long,
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Model = opening(dispatcher) { Model.initial(definition, seed, device) }

/**
 * Returns a saved model: [Model.load], suspending. Close it in the end.
 *
 * @param catalog has the model's own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if there is no model, or it is damaged, foreign or made by
 *   a newer Weft
 * @throws IOException if the files cannot be read
 */
@JvmSynthetic
public suspend fun loadModelSuspending(
    folder: Path,
    catalog: LayerCatalog = LayerCatalog.standard(),
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Model = opening(dispatcher) { Model.load(folder, catalog, device) }

/**
 * Returns a model from a zip of its folder: [Model.load], suspending. Close the model in the end.
 *
 * @param zip read to the end of the zip; stays open. Cancelling does not end a read that waits for
 *   somebody: close what it waits for
 * @param catalog has the model's own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if there is no model, or it is damaged, foreign or made by
 *   a newer Weft
 * @throws IOException if reading fails
 */
@JvmSynthetic
public suspend fun loadModelSuspending(
    zip: InputStream,
    catalog: LayerCatalog = LayerCatalog.standard(),
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Model = opening(dispatcher) { Model.load(zip, catalog, device) }

/**
 * Returns a model on the class path: [Model.loadResource], suspending. Close it in the end.
 *
 * @param owner the class beside which the resource lies
 * @param name of the folder or the zip; from the root of the class path with a slash in front
 * @param catalog has the model's own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if there is no model, or it is damaged, foreign or made by
 *   a newer Weft
 * @throws IOException if reading fails
 */
@JvmSynthetic
public suspend fun loadModelResourceSuspending(
    owner: Class<*>,
    name: String,
    catalog: LayerCatalog = LayerCatalog.standard(),
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Model = opening(dispatcher) { Model.loadResource(owner, name, catalog, device) }

/**
 * Returns a model that comes with Weft: [Model.builtin], suspending. Close it in the end.
 *
 * @param name what it is called
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if there is none of that name; the message has all
 * @throws IllegalStateException if the artifact that has them is not on the class path
 */
@JvmSynthetic
public suspend fun builtinModelSuspending(
    name: String,
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Model = opening(dispatcher) { Model.builtin(name, device) }

/**
 * Saves this model as it is now: [ImageModel.save], suspending. When it is cancelled, the folder holds the
 * old model or the new one; to save a pyramid goes on to its end.
 *
 * @param catalog has the model's own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if the folder holds anything else than a saved model
 * @throws IOException if writing fails; a model that was there before stays
 */
@JvmSynthetic
public suspend fun ImageModel.saveSuspending(
    folder: Path,
    catalog: LayerCatalog = LayerCatalog.standard(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Unit = interruptible(dispatcher) { save(folder, catalog) }

/**
 * Writes this model as it is now as a zip of its folder: [ImageModel.save], suspending. When it is
 * cancelled, what was written is no whole zip.
 *
 * @param out where to; stays open
 * @param catalog has the model's own layers
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IOException if writing fails
 */
@JvmSynthetic
public suspend fun ImageModel.saveSuspending(
    out: OutputStream,
    catalog: LayerCatalog = LayerCatalog.standard(),
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Unit = interruptible(dispatcher) { save(out, catalog) }

/**
 * Writes this model as a TensorFlow SavedModel: [Model.exportSavedModel], suspending.
 *
 * @param folder a folder that does not exist, or is empty
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.save.ModelFormatException if there is something there already
 * @throws IOException if writing fails
 */
@JvmSynthetic
public suspend fun Model.exportSavedModelSuspending(
    folder: Path,
    dispatcher: CoroutineDispatcher = Dispatchers.IO,
): Unit = interruptible(dispatcher) { exportSavedModel(folder) }

/**
 * Returns the log-likelihoods of examples: [Model.score], suspending.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the examples do not fit the model
 * @throws IllegalStateException if the model is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun ImageModel.scoreSuspending(
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Scores = interruptible(dispatcher) { score(examples) }

/**
 * Returns the log-likelihoods of examples under a generation order: [Model.score], suspending.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.spec.DefinitionException if the model is not causal under the order
 * @throws IllegalArgumentException if the examples do not fit the model
 * @throws IllegalStateException if the model is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun Model.scoreSuspending(
    examples: Examples,
    order: GenerationOrder,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Scores = interruptible(dispatcher) { score(examples, order) }

/**
 * Returns the log-likelihoods of images under each class of the model: [ImageModel.scoreEachClass],
 * suspending.
 *
 * @param examples images, with values for all conditions but the class
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the model has not one class condition, or the examples do not
 *   fit it
 * @throws IllegalStateException if the model is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun ImageModel.scoreEachClassSuspending(
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): ClassScores = interruptible(dispatcher) { scoreEachClass(examples) }

/**
 * Returns how probable it is that images are of each class of the model, if all are equally likely
 * before: [ImageModel.classify], suspending.
 *
 * @param examples images, with values for all conditions but the class
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the model has not one class condition, or the examples do not
 *   fit it
 * @throws IllegalStateException if the model is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun ImageModel.classifySuspending(
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): ClassPosterior = interruptible(dispatcher) { classify(examples) }

/**
 * Returns the log-likelihoods of examples under the orders that the model declares, and under their
 * ensemble: [Model.scoreEnsemble], suspending.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the examples do not fit the model
 * @throws IllegalStateException if the model is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun Model.scoreEnsembleSuspending(
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): EnsembleScores = interruptible(dispatcher) { scoreEnsemble(examples) }

/**
 * Returns the log-likelihoods of examples under any orders and their ensemble:
 * [Model.scoreEnsemble], suspending.
 *
 * @param orders at least one, declared or not
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws io.weft.spec.DefinitionException if the model is not causal under one of the orders
 * @throws IllegalArgumentException if the examples do not fit the model, or there is no order
 * @throws IllegalStateException if the model is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun Model.scoreEnsembleSuspending(
    examples: Examples,
    orders: List<GenerationOrder>,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): EnsembleScores = interruptible(dispatcher) { scoreEnsemble(examples, orders) }

/**
 * Returns for each example the log-likelihood of its missing pixels given its known ones, in nats:
 * [ImageModel.conditionalLogLikelihoods], suspending.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @param known which pixels of an example are known, by its index; a pure function
 * @throws IllegalArgumentException if the examples or masks do not fit the model, or a known
 *   pixel comes after a missing one in each of its orders
 * @throws IllegalStateException if the model is closed
 * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
 */
@JvmSynthetic
public suspend fun ImageModel.conditionalLogLikelihoodsSuspending(
    examples: Examples,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    known: (example: Int) -> PixelMask,
): DoubleArray = interruptible(dispatcher) { conditionalLogLikelihoods(examples, known) }

/**
 * Computes all elements of a series: [Samples.toList], suspending. [asFlow] gives them one by one.
 *
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalStateException if the model is closed, before or meanwhile
 * @throws ArithmeticException if a logit is not a number; the message names the pixel
 */
@JvmSynthetic
public suspend fun <T : Any> Samples<T>.toListSuspending(
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): List<T> = interruptible(dispatcher) { toList() }

/**
 * Returns the distributions that the colour values of one pixel are drawn from, `[channel][level]`:
 * [Sampler.probabilities], suspending.
 *
 * @param levels the image, `[row, column, channel]`; below 0 where nothing is drawn yet
 * @param dispatcher runs the call; cancelling interrupts it
 * @throws IllegalArgumentException if the pixel is known, there are not as many levels as the image
 *   has, or one that comes before is not drawn yet or out of range
 * @throws IndexOutOfBoundsException if there is no such pixel
 * @throws IllegalStateException if the model is closed
 */
@JvmSynthetic
public suspend fun Sampler.probabilitiesSuspending(
    levels: IntArray,
    row: Int,
    column: Int,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
): Array<DoubleArray> = interruptible(dispatcher) { probabilities(levels, row, column) }
