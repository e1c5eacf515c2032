package io.weft.samples.cli

import io.weft.Model
import io.weft.codec.Codec
import io.weft.data.Examples
import io.weft.internal.step.JvmLoops
import io.weft.internal.step.JvmStepExecutor
import io.weft.sample.SamplingExecutor
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** `weft bench compress`: how quick decoding and encoding are, against sampling. */
@Command(
    name = "compress",
    description = [
        "Measure sampling on the JVM, and in turn with it decoding and encoding of the images" +
            " that were sampled; prints JSON: medians, the least, and how many times as long as" +
            " sampling each takes.",
    ],
    footer = [
        "",
        "Examples:",
        "  weft bench compress --maps 32 --blocks 5 --budget-seconds 30",
        "  weft bench compress --model pixelcnnpp --size 32 --channels 3 --batches 1",
    ],
)
internal class BenchCompressCommand : WeftCommand() {
    @Mixin
    private var bench = BenchOptions()

    @Mixin
    private var batches = BatchesOption()

    @Option(
        names = ["--block"],
        paramLabel = "N",
        description = [
            "Images coded together by one thread, 1 to 256 (default \${DEFAULT-VALUE}: as many as" +
                " one thread draws together).",
        ],
    )
    private var block = JvmStepExecutor.IMAGES_PER_SESSION

    override val alwaysJson: Boolean get() = true

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        bench.check(::isGiven, ::misuse)
        batches.check(::misuse)
        val definition = readingOptions { bench.definition(::misuse) }
        val examples = bench.examples(definition, batches.sizes.max())
        return Model.initial(definition, 1).use { model ->
            // Given to both, so that both have the same to compute.
            val own = Codec.of(model).labelsGiven()
            val codec = readingOption("--block=$block") { own.imagesPerBlock(block) }
            val races = batches.sizes.map { race(model, codec, examples, it) }
            val rounds = measure(console, races)
            Outcome(
                linkedMapOf(
                    "batches" to races.map { it.json() },
                    "rounds" to rounds,
                    "jvm_loops" to JvmLoops.best().name.lowercase(),
                    "model" to bench.described(definition),
                    "peak_resident_bytes" to peakResidentBytes(),
                    "machine" to machine(),
                ),
            )
        }
    }

    private fun race(
        model: Model,
        codec: Codec,
        examples: Examples,
        batch: Int,
    ): CodingRace {
        val sampler =
            model
                .sampler(1)
                .count(batch)
                .batch(batch)
                .executor(SamplingExecutor.jvm())
                .conditions { examples.conditions(it.toInt()) }
        return CodingRace(sampler, codec, examples::conditions)
    }

    private fun measure(
        console: Console,
        races: List<CodingRace>,
    ): Int =
        console.progress("bench", bench.rounds.toLong() + 1).use { progress ->
            races.forEach { it.warmUp(bench.budgetSeconds.toDouble()) }
            progress.at(1, "rounds")
            bench.inRounds { round ->
                races.forEach { it.measure(round) }
                progress.at(round + 2L, "rounds")
            }
        }
}
