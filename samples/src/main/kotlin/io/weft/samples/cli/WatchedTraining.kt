package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Baselines
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.train.Training
import io.weft.train.TrainingEvent
import io.weft.train.TrainingOptions
import io.weft.train.TrainingRecord
import java.util.concurrent.CancellationException

/**
 * What a training run came to.
 *
 * @property record what the model keeps of it
 * @property seconds how long it took
 * @property isStopped whether Ctrl-C ended it
 */
internal class TrainingResult(
    val record: TrainingRecord,
    val seconds: Double,
    val isStopped: Boolean,
) {
    /** Steps taken. */
    val steps: Long get() = record.lastStep() - record.firstStep()

    /** The last validation's bits per dimension, null if there was none. */
    val validationBits: Double? get() = record.validations().lastOrNull()?.validationBits()

    /** The mean training bits per dimension before the last validation, null if there was none. */
    val trainingBits: Double? get() = record.validations().lastOrNull()?.trainingBits()
}

/** Trains under the user's eyes; Ctrl-C stops after the step in hand and keeps what was reached. */
internal class WatchedTraining(
    private val console: Console,
    private val stop: StopSignal,
) {
    /** Trains [model]. */
    fun run(
        model: Model,
        examples: Examples,
        options: TrainingOptions,
    ): TrainingResult {
        val first = model.history().lastOrNull()?.lastStep() ?: 0
        val batch = options.batch()
        val steps = options.steps((examples.size() + batch - 1L) / batch)
        console.note("compiling the model for training")
        // Before the progress bar, which TensorFlow's own words at its start would tear.
        val training = model.training(examples, options)
        val started = System.nanoTime()
        val isStopped =
            training.use {
                console.progress("train", steps).use { progress ->
                    stop.during { isInterrupted(training, Watch(progress, first)) }
                }
            }
        val seconds = (System.nanoTime() - started) / NANOS
        return TrainingResult(model.history().last(), seconds, isStopped)
    }

    /** Trains to the end and returns false, or until the thread is interrupted and returns true. */
    private fun isInterrupted(
        training: Training,
        watch: Watch,
    ): Boolean =
        try {
            while (training.hasNext()) {
                watch.on(training.next())
            }
            false
        } catch (_: CancellationException) {
            // What comes now, such as saving, is let finish.
            Thread.interrupted()
            true
        }

    private class Watch(
        private val progress: Progress,
        private val first: Long,
    ) {
        private var bits = Double.NaN

        fun on(event: TrainingEvent) {
            when (event) {
                is TrainingEvent.Stepped -> {
                    val now = event.bitsPerDimension()
                    bits = if (bits.isNaN()) now else KEPT * bits + (1 - KEPT) * now
                    progress.at(event.step() - first, format("%.3f bits/dim", bits))
                }

                is TrainingEvent.Validated -> {
                    progress.milestone(
                        event.step() - first,
                        format("validation %.3f", event.validationBits()),
                    )
                }

                is TrainingEvent.Checkpointed, is TrainingEvent.Finished -> {}
            }
        }
    }

    private companion object {
        const val NANOS = 1e9

        /** How much of the shown mean a step keeps. */
        const val KEPT = 0.95
    }
}

/** The validation bits per dimension of a model, next to those of models that know nothing. */
internal class Comparison(
    train: ImageSet,
    validation: ImageSet,
    private val result: TrainingResult,
) {
    private val baselines = Baselines.of(train, validation)

    /** Prints them one below the other. */
    fun say(console: Console) {
        console.say("bits per dimension on the validation images:")
        console.say(
            format("  uniform             %7.4f   every level equally likely", baselines.uniform()),
        )
        console.say(
            format("  per-pixel marginal  %7.4f   each pixel by itself", baselines.marginal()),
        )
        val bits = result.validationBits ?: return
        console.say(format("  this model          %7.4f", bits))
        if (bits > baselines.uniform()) {
            console.note("that is worse than guessing; train longer, or with a lower learning rate")
        }
    }

    /** The same as fields of JSON. */
    fun json(): Map<String, Any?> =
        linkedMapOf(
            "validation_bits_per_dim" to result.validationBits,
            "uniform_bits_per_dim" to baselines.uniform(),
            "marginal_bits_per_dim" to baselines.marginal(),
        )
}
