package io.weft.samples.cli

import io.weft.data.Baselines
import io.weft.data.Examples
import io.weft.engine.Device
import io.weft.pyramid.MultiScale
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.Size
import io.weft.train.TrainingOptions
import io.weft.watch.CheckpointSaver
import io.weft.watch.SampleSheet
import java.nio.file.Path
import kotlin.io.path.exists

/**
 * Trains the two models of a pyramid, the small one first, and saves them as one.
 *
 * @param spark who computes gradients
 * @param device where
 * @param out where to
 * @param resume whether to go on with what is there
 */
internal class PyramidTraining(
    private val console: Console,
    private val stop: StopSignal,
    private val spark: FleetOption,
    private val device: Device,
    private val out: Path,
    private val resume: Boolean,
) {
    /**
     * Trains a model of [definition], and says what came of it.
     *
     * @param fresh makes the model, where it is not one that is there already
     * @param options begins the options of either model
     * @param watch what is left to be looked at of both
     */
    fun run(
        definition: MultiScale,
        fresh: () -> MultiScaleModel,
        examples: Examples,
        validation: Examples?,
        options: () -> TrainingOptions.Builder,
        watch: WatchOptions,
    ): Outcome =
        start(definition, fresh).use { model ->
            val saver = CheckpointSaver.to(out, model)
            val all =
                Size.entries.associateWith {
                    prepared(
                        model,
                        it,
                        examples,
                        validation,
                        options,
                    )
                }
            val runs = untrained(model, examples, all)
            // Saving first: whatever watching comes to, the checkpoint is safe.
            runs.values.forEach { it.options.listen(saver) }
            // Of both before either is trained: what cannot be written is found at once.
            val files = runs.flatMap { (size, run) -> watched(model, size, run, watch) }
            val results = linkedMapOf<Size, TrainingResult>()
            for ((size, run) in runs) {
                console.note("the ${size.word} image: ${model.model(size).definition()}")
                val result = trained(model, size, run)
                results[size] = result
                if (result.isStopped) break
            }
            if (results.isEmpty()) {
                throw InputException(
                    "--resume: both models in $out have taken all steps that are asked for; ask" +
                        " for more",
                )
            }
            if (results.values.any { it.isWorthSaving }) model.save(out)
            report(model, examples, validation, results, files)
        }

    /** One of the two trainings. */
    private class Run(
        val examples: Examples,
        val options: TrainingOptions.Builder,
    )

    private fun prepared(
        model: MultiScaleModel,
        size: Size,
        examples: Examples,
        validation: Examples?,
        options: () -> TrainingOptions.Builder,
    ): Run {
        val own = options()
        validation?.let { own.validateOn(part(model, size, it)) }
        return Run(part(model, size, examples), own)
    }

    private fun watched(
        model: MultiScaleModel,
        size: Size,
        run: Run,
        watch: WatchOptions,
    ): List<Path> {
        val one = model.model(size)
        val all = run.options.build()
        val watching =
            watch.begin(
                one.definition().name(),
                all.steps(all.stepsPerEpoch(run.examples)),
                size.word,
            ) { count, seed ->
                // A large image is drawn around a small one, so by both.
                when (size) {
                    Size.SMALL -> SampleSheet.of(one, count, seed)
                    Size.LARGE -> SampleSheet.of(model, count, seed)
                }
            }
        watching.listeners.forEach(run.options::listen)
        return watching.files
    }

    /** What there is to do, once it is clear that all of it would be of one kind. */
    private fun untrained(
        model: MultiScaleModel,
        examples: Examples,
        runs: Map<Size, Run>,
    ): Map<Size, Run> {
        if (!resume) return runs
        return SavedTraining.checkResumable {
            runs.filterNot { (size, run) ->
                model.isTrained(size, examples, run.options.build())
            }
        }
    }

    private fun start(
        definition: MultiScale,
        fresh: () -> MultiScaleModel,
    ): MultiScaleModel {
        if (!resume) return fresh()
        return SavedTraining.resumed(out, { SavedModels.loadPyramid(it, device) }) {
            it.definition() == definition
        }
    }

    private fun trained(
        pyramid: MultiScaleModel,
        size: Size,
        run: Run,
    ): TrainingResult {
        val model = pyramid.model(size)
        val settings = run.options.build()
        val goesOn = resume && pyramid.hasBegun(size)
        if (goesOn) SavedTraining.checkResumable { model.checkResumable(run.examples, settings) }
        return SavedTraining.run(console, out) {
            spark.gradients { place ->
                WatchedTraining(console, stop).run(model) {
                    if (goesOn) {
                        place.resuming(model, run.examples, settings)
                    } else {
                        place.training(model, run.examples, settings)
                    }
                }
            }
        }
    }

    private fun part(
        model: MultiScaleModel,
        size: Size,
        examples: Examples,
    ): Examples =
        when (size) {
            Size.SMALL -> model.definition().smallOf(examples)
            Size.LARGE -> model.definition().largeOf(examples)
        }

    private fun report(
        model: MultiScaleModel,
        examples: Examples,
        validation: Examples?,
        results: Map<Size, TrainingResult>,
        files: List<Path>,
    ): Outcome {
        val isStopped = results.values.any { it.isStopped }
        val seconds = results.values.sumOf { it.seconds }
        val json =
            linkedMapOf<String, Any?>(
                "model" to ModelKind.MULTI_SCALE.label,
                "parameters" to model.definition().parameterCount(),
                "training_images" to examples.size(),
                "validation_images" to (validation?.size() ?: 0),
            )
        results.forEach { (size, result) ->
            json["${size.word}_steps"] = result.steps
            json["${size.word}_outcome"] = result.record?.outcome() ?: "CANCELLED"
            json["${size.word}_kept_step"] = result.record?.keptStep()
        }
        if (isStopped) {
            console.note(
                if (results.values.any { it.isWorthSaving }) {
                    "stopped; what was reached is saved, and --resume goes on with it"
                } else {
                    "stopped; there is nothing to save yet"
                },
            )
        } else {
            json += scored(model, examples, validation)
        }
        results.forEach { (size, result) -> result.sayKept(console, "the ${size.word} image: ") }
        console.say(format("trained for %.1f s", seconds))
        if (results.values.any { it.isWorthSaving }) console.say("saved in $out")
        // What watches the large image has written nothing where training stopped before.
        val written = files.filter { it.exists() }
        written.forEach { console.say("wrote $it") }
        json += mapOf("seconds" to seconds, "out" to "$out", "files" to written.map { "$it" })
        return Outcome(json, if (isStopped) ExitCode.INTERRUPTED else ExitCode.OK)
    }

    /** What the pyramid comes to as a whole, on the images that it was not trained on. */
    private fun scored(
        model: MultiScaleModel,
        examples: Examples,
        validation: Examples?,
    ): Map<String, Any?> {
        val own = validation ?: return mapOf()
        val baselines = Baselines.of(examples.images(), own.images())
        val exact = model.score(own).bitsPerDimension()
        val bound = model.scoreBound(own).bitsPerDimension()
        baselines.say(console, "validation")
        console.say(format("  this model          %7.4f   exact", exact))
        console.say(format("  upper bound         %7.4f   as the paper has it", bound))
        return linkedMapOf(
            "validation_bits_per_dim" to exact,
            "validation_bound_bits_per_dim" to bound,
            "uniform_bits_per_dim" to baselines.uniform(),
            "marginal_bits_per_dim" to baselines.marginal(),
        )
    }
}
