package io.weft.samples.cli

import io.weft.Model
import io.weft.train.TrainingOptions
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** `weft bench train`: how quick a training step is. */
@Command(
    name = "train",
    description = [
        "Measure training steps, and in turn with them the forward pass alone; prints medians as" +
            " JSON.",
    ],
    footer = ["", "Example:", "  weft bench train --filters 64 --layers 8 --batch 16"],
)
internal class BenchTrainCommand : WeftCommand() {
    @Mixin
    private var bench = BenchOptions()

    @Option(
        names = ["--batch"],
        paramLabel = "N",
        description = ["Images of a step (default \${DEFAULT-VALUE})."],
    )
    private var batch = 16

    @Option(
        names = ["--steps"],
        paramLabel = "N",
        description = ["Steps of a round (default \${DEFAULT-VALUE})."],
    )
    private var steps = 5

    override val alwaysJson: Boolean get() = true

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        bench.check(::misuse)
        if (batch < 1) misuse("--batch=$batch; expected 1 or more")
        if (steps < 1) misuse("--steps=$steps; expected 1 or more")
        val images = bench.images(batch)
        val definition = readingOptions { bench.model.definition(images.spec()) }
        val examples = bench.examples(definition, images)
        val options =
            TrainingOptions
                .seed(
                    1,
                ).batch(batch)
                .steps(WARM_UP + bench.rounds.toLong() * steps)
                .build()
        return Model.initial(definition, 1).use { model ->
            val stepSeconds = mutableListOf<Double>()
            val forwardSeconds = mutableListOf<Double>()
            var rounds = 0
            var firstStep = 0.0
            console.progress("bench", bench.rounds.toLong()).use { progress ->
                model.training(examples, options).use { training ->
                    firstStep = seconds { training.next() }
                    repeat(WARM_UP - 1) { training.next() }
                    repeat(WARM_UP) { model.score(examples) }
                    rounds =
                        bench.inRounds { round ->
                            repeat(steps) {
                                stepSeconds += seconds { training.next() }
                                forwardSeconds += seconds { model.score(examples) }
                            }
                            progress.at(round + 1L, "rounds")
                        }
                }
            }
            val step = median(stepSeconds)
            val forward = median(forwardSeconds)
            Outcome(
                linkedMapOf(
                    "images_per_second" to batch / step,
                    "step_ms" to step * MILLIS,
                    "forward_ms" to forward * MILLIS,
                    "backward_and_update_ms" to (step - forward) * MILLIS,
                    "first_step_seconds" to firstStep,
                    "batch" to batch,
                    "rounds" to rounds,
                    "steps_measured" to stepSeconds.size,
                    "model" to described(definition, bench.model),
                    "machine" to machine(),
                ),
            )
        }
    }

    private companion object {
        const val WARM_UP = 3
        const val MILLIS = 1e3
    }
}
