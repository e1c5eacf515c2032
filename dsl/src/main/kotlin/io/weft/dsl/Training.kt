@file:JvmName("Trainings")

package io.weft.dsl

import io.weft.Model
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.train.TrainingEvent
import io.weft.train.TrainingOptions
import io.weft.train.TrainingRecord
import io.weft.train.TrainingRun
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.yield

/**
 * Returns training as a cold flow: each collection is a new training run, which starts from the
 * weights that the model has then.
 *
 * **Pulling.** One event is one step (or validation, or the end), and is computed when the collector
 * has handled the one before: a slow collector slows training, and no step runs ahead. Only the
 * batch of the next step is prepared meanwhile, on a thread of the run's own, which asks the
 * examples for their conditions one step ahead.
 *
 * **Context preservation.** Steps run in the collector's own context, whose thread they block while
 * they last; between two of them others of that context have their turn. With
 * `flowOn(Dispatchers.Default)` they run elsewhere; that operator puts a buffer between, so that
 * training may be ahead of the collector by the buffer (`buffer(0)` after it: by one event).
 *
 * **Cancellation** takes effect after the step in hand; the first step of a run, which TensorFlow
 * compiles, and a validation are left at once. Cancelling, a collector that stops early (`first`,
 * `take`), and a collector that throws all end the run: native memory is released, and the model
 * keeps the weights so far, with the outcome CANCELLED in its history if there was a step.
 *
 * **Errors** reach the collector: [IllegalArgumentException] if the examples do not fit the model,
 * [IllegalStateException] if it is closed (also while it is trained) or trained already or cannot
 * compute in the precision that was asked for, [io.weft.train.TrainingException] if a value is not
 * finite.
 */
public fun Model.trainingEvents(
    examples: Examples,
    options: TrainingOptions,
): Flow<TrainingEvent> = events { training(examples, options) }

/**
 * Returns the rest of the last training run as a cold flow: it goes on where that was interrupted,
 * or with more to do, and with the options of the run ends as if it had never stopped. All that
 * [trainingEvents] says of flows holds.
 *
 * The flow fails with [IllegalArgumentException] if examples or method are not those of the run, or
 * it has taken all steps that are asked for, and with [IllegalStateException] if there is no run to
 * go on with: see [Model.resuming].
 */
public fun Model.resumingEvents(
    examples: Examples,
    options: TrainingOptions,
): Flow<TrainingEvent> = events { resuming(examples, options) }

/** The events of a run as a cold flow. */
internal fun <E> events(begin: () -> TrainingRun<E>): Flow<E> =
    flow {
        opening { begin() }.use { run ->
            while (run.hasNext()) {
                emit(interruptible { run.next() })
                yield()
            }
        }
    }

/**
 * Returns training as a cold flow, as [trainingEvents] with options says.
 *
 * @param seed any number; it decides the order of the examples and all noise
 * @throws IllegalArgumentException if an option is out of range
 */
@JvmSynthetic
public fun Model.trainingEvents(
    examples: Examples,
    seed: Long,
    configure: TrainingScope.() -> Unit = {},
): Flow<TrainingEvent> = trainingEvents(examples, trainingOptions(seed, configure))

/**
 * Trains, and returns the record of the run when it ends: [Model.train], suspending.
 *
 * **Threading.** Steps run on [dispatcher]; the caller's thread is free. [onEvent] runs in the
 * caller's context.
 *
 * **Cancellation** takes effect after the step in hand; the first step, which TensorFlow compiles,
 * and a validation are left at once. The model stays usable and keeps its progress. An exception of
 * [onEvent] ends training likewise.
 *
 * Under `runTest`, whose time passes at once while other threads work, give a test dispatcher of its
 * scheduler as [dispatcher]; `withTimeout` then waits for the steps.
 *
 * @param dispatcher runs the steps
 * @param onEvent hears of every event, in order, before the next step; a listener's `listener::on`
 *   serves
 * @throws IllegalArgumentException if the examples do not fit the model
 * @throws IllegalStateException if the model is closed or trained already, or cannot compute in the
 *   precision that was asked for
 * @throws io.weft.train.TrainingException if a value is not finite
 */
@JvmSynthetic
public suspend fun Model.trainSuspending(
    examples: Examples,
    options: TrainingOptions,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (TrainingEvent) -> Unit = {},
): TrainingRecord = ran(dispatcher, onEvent) { training(examples, options) }

private suspend fun Model.ran(
    dispatcher: CoroutineDispatcher,
    onEvent: suspend (TrainingEvent) -> Unit,
    begin: () -> TrainingRun<TrainingEvent>,
): TrainingRecord {
    pullToEnd(dispatcher, onEvent, begin)
    return history().last()
}

/**
 * Goes on with the last training run, and returns its record when it ends. The suspending form of
 * [Model.resume]; threads, cancellation and [onEvent] are as [trainSuspending] says.
 *
 * @throws IllegalArgumentException if examples or method are not those of the run, or it has taken
 *   all steps that are asked for
 * @throws IllegalStateException if there is no run to go on with
 */
@JvmSynthetic
public suspend fun Model.resumeSuspending(
    examples: Examples,
    options: TrainingOptions,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (TrainingEvent) -> Unit = {},
): TrainingRecord = ran(dispatcher, onEvent) { resuming(examples, options) }

/**
 * Trains as above, with options in place.
 *
 * ```
 * model.trainSuspending(examples, seed = 7) {
 *     epochs = 3
 *     adam(rate = 1e-3)
 * }
 * ```
 *
 * @param seed any number; it decides the order of the examples and all noise
 * @param dispatcher runs the steps
 * @throws IllegalArgumentException if an option is out of range or the examples do not fit the model
 */
@JvmSynthetic
public suspend fun Model.trainSuspending(
    examples: Examples,
    seed: Long,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (TrainingEvent) -> Unit = {},
    configure: TrainingScope.() -> Unit = {},
): TrainingRecord = trainSuspending(examples, trainingOptions(seed, configure), dispatcher, onEvent)

/**
 * Returns a new model, trained as [Model.trainSuspending] does. Close it in the end.
 *
 * If training fails or is cancelled the new model is closed; to keep what was reached, train a
 * [Model] of your own.
 *
 * @param seed any number; it decides the first weights too
 * @param device where the model computes
 * @param dispatcher runs the steps
 * @throws IllegalArgumentException if an option is out of range or the examples do not fit the model
 */
@JvmSynthetic
public suspend fun Definition.trainSuspending(
    examples: Examples,
    seed: Long,
    device: Device = Device.cpu(),
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (TrainingEvent) -> Unit = {},
    configure: TrainingScope.() -> Unit = {},
): Model {
    val options = trainingOptions(seed, configure)
    val model = initialModelSuspending(this, seed, device, dispatcher)
    try {
        model.trainSuspending(examples, options, dispatcher, onEvent)
    } catch (failure: Throwable) {
        model.close()
        throw failure
    }
    return model
}
