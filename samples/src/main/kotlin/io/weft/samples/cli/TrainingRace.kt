package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.engine.Precision
import io.weft.train.StepTime
import io.weft.train.Training
import io.weft.train.TrainingEvent
import io.weft.train.TrainingOptions
import io.weft.weight.Weights
import java.time.Duration
import kotlin.math.abs
import kotlin.math.ln

/** The library's training of a new model, on one batch, for as long as it is asked to. */
internal class LibraryTraining(
    definition: Definition,
    examples: Examples,
    options: TrainingOptions,
) : AutoCloseable {
    private val model = Model.initial(definition, 1)
    private val training: Training

    /** The weights before the first step. */
    val initialWeights: Weights = model.weights()

    /** The loss before the first step, in nats per colour value. */
    val firstLoss: Double

    /** From asking for the training until its first step was done. */
    val firstStepSeconds: Double

    init {
        val started = System.nanoTime()
        training =
            try {
                model.training(examples, options)
            } catch (failure: RuntimeException) {
                model.close()
                throw failure
            }
        firstLoss = next().bitsPerDimension() * ln(2.0)
        firstStepSeconds = (System.nanoTime() - started) / NANOS
    }

    /** Takes a step and says where its time went. */
    fun step(): StepTime = next().time()

    private fun next() = training.next() as TrainingEvent.Stepped

    override fun close() {
        training.close()
        model.close()
    }

    companion object {
        /** Adam's learning rate where options say nothing. */
        const val RATE = 1e-3
        private const val NANOS = 1e9

        /** Steps without end, each of all examples. */
        fun options(
            examples: Examples,
            precision: Precision,
        ): TrainingOptions.Builder =
            TrainingOptions
                .seed(1)
                .batch(examples.size())
                .steps(Long.MAX_VALUE)
                .precision(precision)
    }
}

/** The training of the hand-written network from given weights, on the same batch. */
internal class HandWrittenTraining(
    weights: Weights,
    images: ImageSet,
    network: () -> HandWrittenGatedPixelCnn,
) : AutoCloseable {
    private val pixels = ByteArray(images.size() * images.spec().values())
    private val network: HandWrittenGatedPixelCnn

    /** The loss before the first step, in nats per colour value. */
    val firstLoss: Double

    /** From making the network until its first step was done. */
    val firstStepSeconds: Double

    init {
        repeat(images.size()) { images.copyImage(it, pixels, it * images.spec().values()) }
        val started = System.nanoTime()
        this.network = network()
        this.network.start(weights)
        firstLoss = this.network.step(pixels).toDouble()
        firstStepSeconds = (System.nanoTime() - started) / NANOS
    }

    /** Takes a step. */
    fun step() {
        network.step(pixels)
    }

    override fun close() = network.close()

    private companion object {
        const val NANOS = 1e9
    }
}

/** Both trainings in turns, in one precision. */
internal class TrainingRace(
    private val precision: Precision,
    private val batch: Int,
    private val library: LibraryTraining,
    private val byHand: HandWrittenTraining?,
) : AutoCloseable {
    private val times = mutableListOf<StepTime>()
    private val byHandSeconds = mutableListOf<Double>()

    init {
        if (byHand != null && abs(byHand.firstLoss / library.firstLoss - 1) > SAME_LOSS) {
            close()
            error(
                "the losses of one set of weights differ, ${library.firstLoss} in the library" +
                    " and ${byHand.firstLoss} by hand: these are not the same network",
            )
        }
    }

    /** Lets everything settle. */
    fun warmUp() =
        repeat(WARM_UP) {
            library.step()
            byHand?.step()
        }

    /** Measures a step of each; who goes first changes with [number]. */
    fun measure(number: Int) {
        if (number % 2 == 0) times += library.step()
        byHand?.let { byHandSeconds += seconds { it.step() } }
        if (number % 2 != 0) times += library.step()
    }

    /** Medians. */
    fun json(): Map<String, Any?> {
        val step = medianMillis(StepTime::total)
        val json =
            linkedMapOf<String, Any?>(
                "precision" to "$precision",
                "images_per_second" to batch * MILLIS / step,
                "step_ms" to step,
                "input_ms" to medianMillis(StepTime::input),
                "run_ms" to medianMillis(StepTime::run),
                "rest_ms" to medianMillis(StepTime::rest),
                "first_step_seconds" to library.firstStepSeconds,
                "steps_measured" to times.size,
            )
        if (byHand != null) {
            val byHandStep = median(byHandSeconds) * MILLIS
            json["hand_written_images_per_second"] = batch * MILLIS / byHandStep
            json["hand_written_step_ms"] = byHandStep
            json["hand_written_first_step_seconds"] = byHand.firstStepSeconds
            json["overhead_percent"] = overheadPercent()
        }
        return json
    }

    /** Of steps that were taken one after the other, so that other work hits both alike. */
    private fun overheadPercent(): Double =
        median(times.zip(byHandSeconds) { time, other -> millis(time.total()) / (other * MILLIS) })
            .let { (it - 1) * PERCENT }

    private fun medianMillis(part: (StepTime) -> Duration): Double =
        median(times.map { millis(part(it)) })

    override fun close() {
        library.close()
        byHand?.close()
    }

    private companion object {
        const val WARM_UP = 3
        const val MILLIS = 1e3
        const val PERCENT = 100
        const val SAME_LOSS = 1e-3
    }
}
