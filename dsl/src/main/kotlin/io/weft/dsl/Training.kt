@file:JvmName("Trainings")

package io.weft.dsl

import io.weft.Model
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.tensorflow.Device
import io.weft.train.TrainingEvent
import io.weft.train.TrainingOptions
import io.weft.train.TrainingRecord
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext

/**
 * Returns training as a cold flow: each collection is a training run that goes on from where the
 * model is then.
 *
 * **Pulling.** One event is one step (or validation, or the end), and is computed when the collector
 * has handled the one before: a slow collector slows training, and no step runs ahead. Only the
 * batch of the next step is prepared meanwhile, on a thread of the run's own, which asks the
 * examples for their conditions one step ahead.
 *
 * **Context preservation.** Steps run in the collector's own context and block its thread while they
 * last. With `flowOn(Dispatchers.Default)` they run elsewhere; that operator puts a buffer between,
 * so that training may be ahead of the collector by the buffer (`buffer(0)` after it: by one event).
 *
 * **Cancellation** takes effect between steps. Cancelling, a collector that stops early (`first`,
 * `take`), and a collector that throws all end the run: native memory is released, and the model
 * keeps the weights so far, with the outcome CANCELLED in its history.
 *
 * **Errors** reach the collector: [IllegalArgumentException] if the examples do not fit the model,
 * [IllegalStateException] if it is closed (also while it is trained) or trained already or cannot compute in the precision that
 * was asked for, [io.weft.train.TrainingException] if a
 * value is not finite.
 */
public fun Model.trainingEvents(
    examples: Examples,
    options: TrainingOptions,
): Flow<TrainingEvent> =
    flow {
        training(examples, options).use { run ->
            while (run.hasNext()) {
                emit(run.next())
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
 * Trains, and returns the record of the run when it ends. The suspending form of [Model.train].
 *
 * **Threading.** Steps and [onEvent] run on [Dispatchers.Default]; the caller's thread is free.
 *
 * **Cancellation** takes effect between steps; the model stays usable and keeps its progress. An
 * exception of [onEvent] ends training likewise.
 *
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
    onEvent: suspend (TrainingEvent) -> Unit = {},
): TrainingRecord =
    withContext(Dispatchers.Default) {
        trainingEvents(examples, options).collect { onEvent(it) }
        history().last()
    }

/**
 * Trains as [trainSuspending] does, with options in place.
 *
 * ```
 * model.train(examples, seed = 7) {
 *     epochs = 3
 *     adam(rate = 1e-3)
 * }
 * ```
 *
 * @param seed any number; it decides the order of the examples and all noise
 * @throws IllegalArgumentException if an option is out of range or the examples do not fit the model
 */
@JvmSynthetic
public suspend fun Model.train(
    examples: Examples,
    seed: Long,
    onEvent: suspend (TrainingEvent) -> Unit = {},
    configure: TrainingScope.() -> Unit = {},
): TrainingRecord = trainSuspending(examples, trainingOptions(seed, configure), onEvent)

/**
 * Returns a new model, trained as [trainSuspending] does. Close it in the end.
 *
 * If training fails or is cancelled the new model is closed; to keep what was reached, train a
 * [Model] of your own.
 *
 * @param seed any number; it decides the first weights too
 * @param device where the model computes
 * @throws IllegalArgumentException if an option is out of range or the examples do not fit the model
 */
@JvmSynthetic
public suspend fun Definition.train(
    examples: Examples,
    seed: Long,
    device: Device = Device.cpu(),
    onEvent: suspend (TrainingEvent) -> Unit = {},
    configure: TrainingScope.() -> Unit = {},
): Model {
    val options = trainingOptions(seed, configure)
    val model = Model.initial(this, seed, device)
    try {
        model.trainSuspending(examples, options, onEvent)
    } catch (failure: Throwable) {
        model.close()
        throw failure
    }
    return model
}
