package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.sample.Sampler
import io.weft.step.StepProgram
import io.weft.tensorflow.Device
import io.weft.tensorflow.ScoringProgram
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** `weft bench sample`: how quick sampling is, against a full pass for each pixel. */
@Command(
    name = "sample",
    description = [
        "Measure the incremental sampler, and in turn with it a pass over the whole image for" +
            " each pixel, on a few pixels and extrapolated; prints medians as JSON.",
    ],
    footer = ["", "Example:", "  weft bench sample --filters 64 --layers 8 --rounds 3"],
)
internal class BenchSampleCommand : WeftCommand() {
    @Mixin
    private var bench = BenchOptions()

    @Option(
        names = ["--batches"],
        split = ",",
        paramLabel = "N",
        description = ["Images in lockstep, each measured apart (default 1,16,64)."],
    )
    private var batches = intArrayOf(1, 16, 64)

    @Option(
        names = ["--reference-pixels"],
        paramLabel = "N",
        description = ["Full passes measured in a round (default \${DEFAULT-VALUE})."],
    )
    private var referencePixels = 2

    override val alwaysJson: Boolean get() = true

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        bench.check(::misuse)
        batches.forEach { if (it < 1) misuse("--batches=$it; expected 1 or more") }
        if (referencePixels < 1) misuse("--reference-pixels=$referencePixels; expected 1 or more")
        val images = bench.images(batches.max())
        val definition = readingOptions { bench.model.definition(images.spec()) }
        val examples = bench.examples(definition, images)
        return Model.initial(definition, 1).use { model ->
            ScoringProgram.of(definition, model.weights(), Device.cpu()).use { reference ->
                val program = StepProgram.of(definition)
                val runs = batches.map { Run(it, program, model, reference, examples) }
                val rounds = measure(console, runs)
                Outcome(
                    linkedMapOf(
                        "batches" to runs.map { it.json(definition) },
                        "rounds" to rounds,
                        "reference" to "one pass over the whole image for each pixel, extrapolated",
                        "model" to described(definition, bench.model),
                        "machine" to machine(),
                    ),
                )
            }
        }
    }

    private fun measure(
        console: Console,
        runs: List<Run>,
    ): Int =
        console.progress("bench", bench.rounds.toLong() + 1).use { progress ->
            runs.forEach { it.warmUp() }
            progress.at(1, "rounds")
            bench.inRounds { round ->
                runs.forEach { it.measure(referencePixels) }
                progress.at(round + 2L, "rounds")
            }
        }

    /** The measurements at one batch size. */
    private class Run(
        private val batch: Int,
        program: StepProgram,
        model: Model,
        private val reference: ScoringProgram,
        private val examples: Examples,
    ) {
        private val sampler =
            Sampler
                .of(program, model::weights, 1)
                .count(batch)
                .conditions { examples.conditions(it.toInt()) }
        private val indices = IntArray(batch) { it }
        private val imageSeconds = mutableListOf<Double>()
        private val passSeconds = mutableListOf<Double>()

        fun warmUp() {
            sample()
            reference.output(examples, *indices)
        }

        fun measure(passes: Int) {
            imageSeconds += seconds { sample() }
            repeat(passes) { passSeconds += seconds { reference.output(examples, *indices) } }
        }

        private fun sample() =
            sampler.run().use { run ->
                while (!run.isDone) {
                    run.advancePixel()
                }
            }

        /** Times are of a step that draws one pixel of every image of the batch. */
        fun json(definition: Definition): Map<String, Any?> {
            val image = definition.image()
            val pixelSeconds = median(imageSeconds) / image.pixels()
            // Each colour value needs a pass of its own: the next channel depends on it.
            val referenceSeconds = median(passSeconds) * image.channels()
            return linkedMapOf(
                "batch" to batch,
                "microseconds_per_pixel" to pixelSeconds * MICROS,
                "images_per_second" to batch / (pixelSeconds * image.pixels()),
                "reference_microseconds_per_pixel" to referenceSeconds * MICROS,
                "reference_images_per_second" to batch / (referenceSeconds * image.pixels()),
                "reference_extrapolated_from_pixels" to passSeconds.size,
                "ratio" to referenceSeconds / pixelSeconds,
            )
        }
    }

    private companion object {
        const val MICROS = 1e6
    }
}
