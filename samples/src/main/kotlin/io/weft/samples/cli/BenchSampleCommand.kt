package io.weft.samples.cli

import com.sun.management.ThreadMXBean
import io.weft.Model
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.explain.SamplingSummary
import io.weft.internal.step.JvmLoops
import io.weft.internal.step.JvmStepExecutor
import io.weft.internal.step.StepProfile
import io.weft.internal.step.StepProgram
import io.weft.internal.tensorflow.ScoringProgram
import io.weft.internal.tensorflow.TensorFlowEngine
import io.weft.sample.Sampler
import io.weft.sample.SamplingExecutor
import io.weft.weight.Weights
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.lang.management.ManagementFactory

/** `weft bench sample`: how quick sampling is, against a full pass for each pixel. */
@Command(
    name = "sample",
    description = [
        "Measure sampling on each executor, and in turn with it what this machine can do at best," +
            " and a pass over the whole image for each pixel, on a few pixels and extrapolated;" +
            " prints medians of rounds, of half a second or more, as JSON.",
    ],
    footer = [
        "",
        "Examples:",
        "  weft bench sample --maps 64 --blocks 8 --rounds 3",
        "  weft bench sample --model pixelcnn-textbook --batches 16 --executors jvm",
        "  weft bench sample --batches 16 --executors jvm --profile",
    ],
)
internal class BenchSampleCommand : WeftCommand() {
    @Mixin
    private var bench = BenchOptions()

    @Mixin
    private var batches = BatchesOption()

    @Option(
        names = ["--executors"],
        split = ",",
        paramLabel = "NAME",
        description = [
            "What runs the steps: jvm, tensorflow, tensorflow-without-xla" +
                " (default jvm,tensorflow).",
        ],
    )
    private var executors = arrayOf("jvm", "tensorflow")

    @Option(
        names = ["--reference-pixels"],
        paramLabel = "N",
        description = ["Full passes measured in a round (default \${DEFAULT-VALUE})."],
    )
    private var referencePixels = 2

    @Option(
        names = ["--profile"],
        description = [
            "Also say where the JVM's time goes, for each of --batches: products by shape," +
                " attention, elementwise functions, moves of values, draws, waiting. Timing each" +
                " call takes some time itself. One to three images are drawn by one thread here," +
                " without the second one that helps otherwise.",
        ],
    )
    private var profile = false

    @Option(
        names = ["--weights"],
        paramLabel = "full|half",
        converter = [WeightBits.Converter::class],
        description = ["half: round every matrix to bfloat16, as export does (default: full)."],
    )
    private var weights = WeightBits.FULL

    override val alwaysJson: Boolean get() = true

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        bench.check(::isGiven, ::misuse)
        batches.check(::misuse)
        if (referencePixels < 1) misuse("--reference-pixels=$referencePixels; expected 1 or more")
        val chosen = readingOptions { executors.associateWith { SamplingExecutor.named(it) } }
        val definition = readingOptions { bench.definition(::misuse) }
        val drawing = SamplingSummary.of(definition)
        val examples = bench.examples(definition, batches.sizes.max())
        return Model.of(definition, weights.of(Weights.initial(definition, 1))).use { model ->
            // Before anything else has warmed up Java.
            val firstPixel = firstPixelSeconds(model, examples)
            val engine = TensorFlowEngine.on(Device.cpu())
            ScoringProgram.of(definition, model.weights(), engine).use { reference ->
                val runs =
                    batches.sizes.map { batch ->
                        val sampler =
                            model.sampler(1).count(batch).batch(batch).conditions {
                                examples.conditions(it.toInt())
                            }
                        BatchRun(
                            batch,
                            chosen.mapValues { sampler.executor(it.value) },
                            reference,
                            examples,
                            definition,
                        )
                    }
                val weightBytes = Float.SIZE_BYTES * definition.parameterCount()
                val rounds =
                    PeakMeter(weightBytes, bench.budgetSeconds.toDouble()).use {
                        measure(console, runs, it)
                    }
                val peaks = runs.flatMap { it.peaks }
                val profiles = if (profile) profiles(model, examples) else null
                Outcome(
                    linkedMapOf(
                        "batches" to runs.map { it.json(drawing) },
                        "profiles" to profiles,
                        "rounds" to rounds,
                        "reference" to "one pass over the whole image for each pixel, extrapolated",
                        "first_pixel_seconds" to firstPixel,
                        "flops_per_pixel" to drawing.flops() / definition.image().pixels(),
                        "weight_bytes_per_pixel" to
                            drawing.weightBytes() / definition.image().pixels(),
                        "gemm_peak_gflops" to median(peaks.map { it.gemmFlops }) / GIGA,
                        "memory_gigabytes_per_second" to
                            median(peaks.map { it.memoryBytes }) / GIGA,
                        "cached_gigabytes_per_second" to
                            median(peaks.map { it.cachedBytes }) / GIGA,
                        "jvm_allocated_bytes_per_pixel" to allocatedBytes(model, examples),
                        "jvm_loops" to JvmLoops.best().name.lowercase(),
                        "model" to bench.described(definition),
                        "peak_resident_bytes" to peakResidentBytes(),
                        "machine" to machine(),
                    ),
                )
            }
        }
    }

    /** Times are of all threads together, for each pixel step of all images in lockstep. */
    private fun profiles(
        model: Model,
        examples: Examples,
    ): List<Map<String, Any?>> {
        val definition = model.definition()
        val executor = JvmStepExecutor.bind(StepProgram.of(definition), model.weights())
        return batches.sizes.map { batch ->
            val profile =
                StepProfile.of(executor, batch) { image, condition ->
                    examples.conditions(image).feature(condition)
                }
            val pixels = definition.image().pixels()
            val all = profile.seconds() * profile.threads()
            linkedMapOf(
                "batch" to batch,
                "threads" to profile.threads(),
                "microseconds_per_pixel" to profile.seconds() / pixels * MICROS,
                "parts" to
                    profile.parts().map { part ->
                        linkedMapOf(
                            "kind" to part.kind().label(),
                            "what" to part.what(),
                            "calls_per_pixel" to part.calls().toDouble() / pixels,
                            "share" to part.seconds() / all,
                            "microseconds_per_pixel" to part.seconds() / pixels * MICROS,
                            "gflops" to part.flops() / maxOf(part.seconds(), 1 / GIGA) / GIGA,
                        )
                    },
            )
        }
    }

    private fun firstPixelSeconds(
        model: Model,
        examples: Examples,
    ): Double =
        seconds {
            model
                .sampler(1)
                .conditions { examples.conditions(it.toInt()) }
                .executor(SamplingExecutor.jvm())
                .pixels()
                .iterator()
                .use { it.next() }
        }

    /** What one image on the JVM leaves for the garbage collector; the least, when Java is warm. */
    private fun allocatedBytes(
        model: Model,
        examples: Examples,
    ): Double {
        val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean
        val sampler =
            model.sampler(1).executor(SamplingExecutor.jvm()).conditions {
                examples.conditions(it.toInt())
            }
        val started = System.nanoTime()
        val each = mutableListOf<Double>()
        while (each.isEmpty() || (each.size < ALLOCATION_IMAGES && isTime(started))) {
            each +=
                sampler.run().use { run ->
                    val before = threads.currentThreadAllocatedBytes
                    while (!run.isDone) {
                        run.advancePixel()
                    }
                    val bytes = threads.currentThreadAllocatedBytes - before
                    bytes.toDouble() / model.definition().image().pixels()
                }
        }
        return each.min()
    }

    private fun isTime(started: Long) = (System.nanoTime() - started) / GIGA < bench.budgetSeconds

    private fun measure(
        console: Console,
        runs: List<BatchRun>,
        meter: PeakMeter,
    ): Int =
        console.progress("bench", bench.rounds.toLong() + 1).use { progress ->
            runs.forEach { it.warmUp(bench.budgetSeconds.toDouble()) }
            progress.at(1, "rounds")
            bench.inRounds { round ->
                runs.forEach {
                    it.measure(meter, referencePixels, bench.budgetSeconds.toDouble())
                }
                progress.at(round + 2L, "rounds")
            }
        }

    /** The measurements at one batch size. */
    private class BatchRun(
        private val batch: Int,
        private val samplers: Map<String, Sampler>,
        private val reference: ScoringProgram,
        private val examples: Examples,
        private val definition: Definition,
    ) {
        private val indices = IntArray(batch) { it }
        private val firstSeconds = mutableMapOf<String, Double>()
        private val imageSeconds = samplers.mapValues { mutableListOf<Double>() }
        private val leastSeconds = samplers.mapValues { mutableListOf<Double>() }
        private val passSeconds = mutableListOf<Double>()

        /** How long a draw takes when Java is warm, of the slowest executor. */
        private var warmSeconds = 0.0

        /** Of each round, as the machine was then. */
        val peaks = mutableListOf<MachinePeak>()

        /** The JIT compiler has seen enough after some seconds; a small budget has no time for it. */
        fun warmUp(budget: Double) {
            samplers.forEach { (name, sampler) ->
                firstSeconds[name] = seconds { sampler.draw() }
                var last = firstSeconds.getValue(name)
                var warm = last
                while (warm < minOf(WARM_SECONDS, budget)) {
                    last = seconds { sampler.draw() }
                    warm += last
                }
                warmSeconds = maxOf(warmSeconds, last)
            }
            reference.output(examples, *indices)
        }

        /** A single draw of few images is soon over, and sees what TensorFlow's threads left behind. */
        fun measure(
            meter: PeakMeter,
            passes: Int,
            budget: Double,
        ) {
            // Products go on for as long as draws do, so that neighbours take as much from both.
            peaks += meter.measure(maxOf(warmSeconds, ROUND_SECONDS))
            samplers.forEach { (name, sampler) ->
                val draws = mutableListOf<Double>()
                do {
                    draws += seconds { sampler.draw() }
                } while (draws.sum() < minOf(ROUND_SECONDS, budget))
                imageSeconds.getValue(name) += draws.average()
                leastSeconds.getValue(name) += draws.min()
            }
            repeat(passes) { passSeconds += seconds { reference.output(examples, *indices) } }
        }

        private fun Sampler.draw() = images().toList()

        /** Times are of a step that draws one pixel of every image of the batch. */
        fun json(drawing: SamplingSummary): Map<String, Any?> {
            val image = definition.image()
            val pixels = image.pixels()
            // Each colour value needs a pass of its own where the next channel's maps depend on it.
            val mixed = definition.distribution().readsEarlierChannels()
            val referenceSeconds = median(passSeconds) * if (mixed) 1 else image.channels()
            val flops = drawing.flops().toDouble() / pixels * batch
            val bytes = drawing.weightBytes().toDouble() / pixels
            val floors = peaks.map { it.floorSeconds(flops, bytes) }
            val cachedFloors = peaks.map { it.cachedFloorSeconds(flops, bytes) }
            return linkedMapOf(
                "batch" to batch,
                "executors" to
                    samplers.keys.associateWith { name ->
                        val rounds = imageSeconds.getValue(name).map { it / pixels }
                        val pixelSeconds = median(rounds)
                        val leasts = leastSeconds.getValue(name)
                        val meanwhile =
                            peaks.zip(leasts) { p, draw -> p.floorSeconds(flops, bytes, draw) }
                        val cached =
                            peaks.zip(leasts) { p, d -> p.cachedFloorSeconds(flops, bytes, d) }
                        linkedMapOf(
                            "microseconds_per_pixel" to pixelSeconds * MICROS,
                            "least_microseconds_per_pixel" to median(leasts) / pixels * MICROS,
                            "floor_microseconds_per_pixel" to median(meanwhile) * MICROS,
                            "images_per_second" to batch / (pixelSeconds * pixels),
                            "ratio" to referenceSeconds / pixelSeconds,
                            "share_of_floor" to medianShare(meanwhile, leasts),
                            "share_of_cached_floor" to medianShare(cached, leasts),
                            "first_image_seconds" to firstSeconds.getValue(name),
                        )
                    },
                "floor_microseconds_per_pixel" to median(floors) * MICROS,
                "cached_floor_microseconds_per_pixel" to median(cachedFloors) * MICROS,
                "reference_microseconds_per_pixel" to referenceSeconds * MICROS,
                "reference_images_per_second" to batch / (referenceSeconds * pixels),
                "reference_extrapolated_from_pixels" to passSeconds.size,
            )
        }

        /**
         * Both sides of a share are of the same round, the best of it, and as long: of some draws the
         * best, of some products the best that took as long together. Otherwise what neighbours take
         * would count on one side alone.
         */
        private fun medianShare(
            floors: List<Double>,
            leasts: List<Double>,
        ): Double {
            val pixels = definition.image().pixels()
            return median(floors.zip(leasts) { floor, draw -> floor * pixels / draw })
        }
    }

    private companion object {
        const val MICROS = 1e6
        const val GIGA = 1e9
        const val WARM_SECONDS = 4.0

        /** In a round each executor draws again and again for so long, and the mean counts. */
        const val ROUND_SECONDS = 0.5
        const val ALLOCATION_IMAGES = 20
    }
}
