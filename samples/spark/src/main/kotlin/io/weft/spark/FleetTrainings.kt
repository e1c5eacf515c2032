package io.weft.spark

import io.weft.Model
import io.weft.data.Examples
import io.weft.dsl.TrainingScope
import io.weft.dsl.resumeSuspending
import io.weft.dsl.trainSuspending
import io.weft.dsl.trainingOptions
import io.weft.train.TrainingEvent
import io.weft.train.TrainingRecord
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers

/**
 * Trains with gradients that the workers of [fleet] compute, and returns the record of the run when
 * it ends: [Fleet.training], suspending.
 *
 * ```
 * model.trainOn(fleet, examples, seed = 1) {
 *     batch = 64
 *     microBatch = 4
 * }
 * ```
 *
 * **Cancellation** cancels the step's job of Spark; the model keeps what the steps before reached.
 * Threads and [onEvent] are as [trainSuspending] says.
 *
 * @param seed any number; it decides the order of the examples and all noise
 * @param dispatcher runs what the driver does of a step
 * @param configure the options, [TrainingScope.microBatch] among them
 * @throws IllegalArgumentException if an option is out of range or the examples do not fit the model
 * @throws IllegalStateException if there are no micro-batches, or the model is trained already
 * @throws FleetException if the workers fail, or compute other numbers than the driver
 * @throws io.weft.train.TrainingException if a value is not finite
 */
@JvmSynthetic
public suspend fun Model.trainOn(
    fleet: Fleet,
    examples: Examples,
    seed: Long,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (TrainingEvent) -> Unit = {},
    configure: TrainingScope.() -> Unit,
): TrainingRecord {
    val options = fleet.spread(trainingOptions(seed, configure))
    return trainSuspending(examples, options, dispatcher, onEvent)
}

/**
 * Goes on with the last training run, wherever its steps so far were taken: [Fleet.resuming],
 * suspending, as [trainOn] does.
 *
 * @param seed that of the run
 * @param dispatcher runs what the driver does of a step
 * @throws IllegalArgumentException if examples or method are not those of the run, or it has taken
 *   all steps that are asked for
 * @throws IllegalStateException if there is no run to go on with
 * @throws FleetException if the workers fail, or compute other numbers than the driver
 */
@JvmSynthetic
public suspend fun Model.resumeOn(
    fleet: Fleet,
    examples: Examples,
    seed: Long,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    onEvent: suspend (TrainingEvent) -> Unit = {},
    configure: TrainingScope.() -> Unit,
): TrainingRecord {
    val options = fleet.spread(trainingOptions(seed, configure))
    return resumeSuspending(examples, options, dispatcher, onEvent)
}
