package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Baselines
import io.weft.data.ImageSet
import io.weft.train.Training
import io.weft.train.TrainingEvent
import io.weft.train.TrainingRecord
import java.util.concurrent.CancellationException

/**
 * What a training run came to.
 *
 * @property record what the model keeps of it; null if it was stopped before its first step
 * @property steps how many were taken now
 * @property images how many examples these took
 * @property epochBits the mean bits per dimension of the steps of the last epoch
 * @property seconds how long it took
 * @property isStopped whether Ctrl-C ended it
 */
internal class TrainingResult(
    val record: TrainingRecord?,
    val steps: Long,
    val images: Long,
    private val epochBits: Double?,
    val seconds: Double,
    val isStopped: Boolean,
) {
    /** The validation of the weights that were kept, null if there was none. */
    private val kept: TrainingRecord.Point? get() = record?.kept()?.orElse(null)

    /** What the kept weights came to in validation, null if they were not validated. */
    val validationBits: Double? get() = kept?.validationBits()

    /** The mean training bits per dimension before that, or of the last epoch. */
    val trainingBits: Double? get() = kept?.trainingBits() ?: epochBits

    /** Whether the run has come to weights that are worth saving. */
    val isWorthSaving: Boolean get() = record != null && record.keptStep() > record.firstStep()

    /** Images seen in a second. */
    val imagesPerSecond: Double get() = images / seconds

    /** Says which weights were kept, after the words [of] what. */
    fun sayKept(
        console: Console,
        of: String = "",
    ) {
        val record = record ?: return
        val validations = record.validations()
        val point = kept
        if (validations.isEmpty() || record.keptStep() == record.firstStep()) return
        val best = validations.minOf { it.validationBits() }
        console.say(
            of +
                if (point != null && point.validationBits() <= best) {
                    format(
                        "kept the weights of step %d, the best of %d validations",
                        point.step(),
                        validations.size,
                    )
                } else {
                    format(
                        "kept the weights of step %d; the best of %d validations found %.4f",
                        record.keptStep(),
                        validations.size,
                        best,
                    )
                },
        )
    }
}

/** Trains under the user's eyes; Ctrl-C stops after the step in hand and keeps what was reached. */
internal class WatchedTraining(
    private val console: Console,
    private val stop: StopSignal,
) {
    /** Trains [model] in the run that [begin] prepares. */
    fun run(
        model: Model,
        begin: () -> Training,
    ): TrainingResult {
        val before = model.snapshot()
        console.note("compiling the model for training")
        // Before the progress bar, which TensorFlow's own words at its start would tear.
        val training = begin()
        val started = System.nanoTime()
        val first = before.steps()
        return console.progress("train", training.lastStep() - first).use { progress ->
            val watch = Watch(progress, first)
            val isStopped = training.use { stop.during { isInterrupted(it, watch) } }
            val seconds = (System.nanoTime() - started) / NANOS
            val now = model.history()
            val record = if (now == before.history()) null else now.last()
            TrainingResult(record, watch.steps, watch.images, watch.epochBits, seconds, isStopped)
        }
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
        } catch (e: RuntimeException) {
            // Spark hears of Ctrl-C by itself, and may end its jobs before this thread is interrupted.
            if (e !is CancellationException && !stop.isGiven) throw e
            true
        }

    private class Watch(
        private val progress: Progress,
        private val first: Long,
    ) {
        var steps = 0L
            private set
        var images = 0L
            private set
        private var shown = Double.NaN
        private var epoch = 0
        private var bits = 0.0
        private var ofEpoch = 0

        /** The mean bits per dimension of the steps of the last epoch. */
        val epochBits: Double? get() = if (ofEpoch == 0) null else bits / ofEpoch

        fun on(event: TrainingEvent) {
            when (event) {
                is TrainingEvent.Stepped -> {
                    stepped(event)
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

        private fun stepped(event: TrainingEvent.Stepped) {
            val now = event.bitsPerDimension()
            if (event.epoch() != epoch) {
                epoch = event.epoch()
                bits = 0.0
                ofEpoch = 0
            }
            bits += now
            ofEpoch++
            steps++
            images += event.images()
            shown = if (shown.isNaN()) now else KEPT * shown + (1 - KEPT) * now
            progress.at(event.step() - first, format("%.3f bits/dim", shown))
        }
    }

    private companion object {
        const val NANOS = 1e9

        /** How much of the shown mean a step keeps. */
        const val KEPT = 0.95
    }
}

/** Prints what models that know nothing come to, above what one has learned. */
internal fun Baselines.say(
    console: Console,
    images: String,
) {
    console.say("bits per dimension on the $images images:")
    console.say(format("  uniform             %7.4f   every level equally likely", uniform()))
    console.say(format("  per-pixel marginal  %7.4f   each pixel by itself", marginal()))
}

/** What a model came to, next to models that know nothing. */
internal class Comparison(
    train: ImageSet,
    validation: ImageSet?,
    private val result: TrainingResult,
) {
    private val isValidated = validation != null
    private val baselines = Baselines.of(train, validation ?: train)

    /** What is compared: of images that the model was not trained on, if there are some. */
    private val bits: Double? get() =
        if (isValidated) result.validationBits else result.trainingBits

    /** Prints them one below the other. */
    fun say(console: Console) {
        baselines.say(console, if (isValidated) "validation" else "training")
        val bits = bits ?: return
        val note = if (isValidated) "" else "   while it trained, in the last epoch"
        console.say(format("  this model          %7.4f%s", bits, note))
        if (bits > baselines.uniform()) {
            console.note("that is worse than guessing; train longer, or with a lower learning rate")
        }
        result.sayKept(console)
    }

    /** The same as fields of JSON. */
    fun json(): Map<String, Any?> =
        linkedMapOf(
            "validation_bits_per_dim" to result.validationBits,
            "uniform_bits_per_dim" to baselines.uniform(),
            "marginal_bits_per_dim" to baselines.marginal(),
            "kept_step" to result.record?.keptStep(),
        )
}
