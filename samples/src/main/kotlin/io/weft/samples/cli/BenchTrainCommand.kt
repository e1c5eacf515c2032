package io.weft.samples.cli

import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.engine.Precision
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** `weft bench train`: how quick a training step is, against one written by hand. */
@Command(
    name = "train",
    description = [
        "Measure training steps, and in turn with them those of the same network written by hand" +
            " on TensorFlow Java (for --model gated without --classes); or, with --spark, those" +
            " of a cluster, and what they cost beside computing. Prints medians as JSON.",
    ],
    footer = [
        "",
        "Examples:",
        "  weft bench train --maps 64 --blocks 8 --batch 16",
        "  weft bench train --maps 32 --batch 32 --micro-batch 4 --spark local[4]",
    ],
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

    @Option(
        names = ["--precision"],
        split = ",",
        paramLabel = "NAME",
        converter = [PrecisionOption.Converter::class],
        description = [
            "Measure in float32, in bfloat16, or in both, separated by a comma (default: float32," +
                " and bfloat16 where the processor has it).",
        ],
    )
    private var precisions: List<Precision>? = null

    @Mixin
    private lateinit var micro: MicroBatchOptions

    @Mixin
    private lateinit var spark: FleetOption

    override val alwaysJson: Boolean get() = true

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        bench.check(::isGiven, ::misuse)
        if (batch < 1) misuse("--batch=$batch; expected 1 or more")
        if (steps < 1) misuse("--steps=$steps; expected 1 or more")
        precisions?.forEach { checkPrecision(it, Device.cpu()) }
        micro.checkFor(spark, ::misuse)
        val definition = readingOptions { bench.definition(::misuse) }
        val examples = bench.examples(definition, batch)
        return if (spark.isGiven) {
            Outcome(spread(console, stop, definition, examples) + measured(definition))
        } else {
            Outcome(byHand(console, definition, examples) + measured(definition))
        }
    }

    /** What the figures are of. */
    private fun measured(definition: Definition) =
        linkedMapOf(
            "batch" to batch,
            "micro_batch" to micro.given,
            "model" to bench.described(definition),
            "peak_resident_bytes" to peakResidentBytes(),
            "machine" to machine(),
        )

    private fun spread(
        console: Console,
        stop: StopSignal,
        definition: Definition,
        examples: Examples,
    ): Map<String, Any?> {
        val wanted = precisions?.distinct() ?: listOf(Precision.FLOAT32)
        val precision =
            wanted.singleOrNull() ?: misuse("--spark measures one --precision at a time")
        return spark.use(stop) { fleet ->
            FleetRace(fleet, definition, examples, steps) {
                micro.applied(LibraryTraining.options(examples, precision))
            }.use { race ->
                val rounds = console.rounds { race.measure() }
                race.json() + mapOf("precision" to "$precision", "rounds" to rounds)
            }
        }
    }

    private fun byHand(
        console: Console,
        definition: Definition,
        examples: Examples,
    ): Map<String, Any?> {
        val wanted = precisions?.distinct() ?: available(definition)
        val races = mutableListOf<TrainingRace>()
        try {
            wanted.mapTo(races) { race(it, definition, examples) }
            val rounds = measure(console, races)
            return linkedMapOf(
                "precisions" to races.map { it.json() },
                "hand_written" to
                    if (isWrittenByHand()) {
                        "the same network and Adam, straight on TensorFlow Java, measured in turns"
                    } else {
                        "left out: there is one for --model gated in grey and raster order only," +
                            " without --classes, --dropout, --embedding and --micro-batch"
                    },
                "overhead" to "median over pairs of steps, library / hand-written - 1",
                "rounds" to rounds,
            )
        } finally {
            races.forEach { it.close() }
        }
    }

    /** Recurrences are trained in float32 only. */
    private fun available(definition: Definition): List<Precision> =
        Precision.entries.filter {
            isAvailable(it) &&
                (it == Precision.FLOAT32 || definition.graph().recurrences().isEmpty())
        }

    private fun isAvailable(precision: Precision): Boolean =
        try {
            precision.check(Device.cpu())
            true
        } catch (_: IllegalStateException) {
            false
        }

    private fun isWrittenByHand() =
        bench.file == null && bench.model.kind == ModelKind.GATED &&
            bench.model.classes == null && bench.channels == 1 &&
            (bench.model.dropout ?: 0.0) == 0.0 && bench.model.embedding == null &&
            bench.model.orders.isDefault && !micro.isGiven

    private fun race(
        precision: Precision,
        definition: Definition,
        examples: Examples,
    ): TrainingRace {
        val library =
            LibraryTraining(
                definition,
                examples,
                micro.applied(LibraryTraining.options(examples, precision)).build(),
            )
        val model = bench.model
        val byHand =
            if (isWrittenByHand()) {
                HandWrittenTraining(library.initialWeights, examples.images()) {
                    HandWrittenGatedPixelCnn(
                        definition.image(),
                        model.blocks,
                        model.maps(definition.image()),
                        model.kernel,
                        LibraryTraining.RATE,
                        precision,
                    )
                }
            } else {
                null
            }
        return TrainingRace(precision, batch, library, byHand)
    }

    private fun measure(
        console: Console,
        races: List<TrainingRace>,
    ): Int {
        races.forEach { it.warmUp() }
        return console.rounds {
            repeat(steps) { step -> races.forEach { it.measure(step) } }
        }
    }

    /** Measures until there were enough rounds or the time is up; returns how many there were. */
    private fun Console.rounds(measure: () -> Unit): Int =
        progress("bench", bench.rounds.toLong()).use { progress ->
            bench.inRounds { round ->
                measure()
                progress.at(round + 1L, "rounds")
            }
        }
}
