package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.spark.Fleet
import io.weft.train.Training
import io.weft.train.TrainingOptions

/** Who computes the gradients of training: the workers of a cluster, or this machine. */
internal class Gradients(
    private val fleet: Fleet?,
) {
    /** Prepares a new run. */
    fun training(
        model: Model,
        examples: Examples,
        options: TrainingOptions,
    ): Training =
        fleet?.training(model, examples, options)
            ?: model.training(examples, options)

    /** Prepares to go on with the last run. */
    fun resuming(
        model: Model,
        examples: Examples,
        options: TrainingOptions,
    ): Training =
        fleet?.resuming(model, examples, options)
            ?: model.resuming(examples, options)
}
