package io.weft.samples.cli

import io.weft.data.Baselines
import io.weft.data.Examples
import io.weft.pyramid.MultiScale
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.Size
import io.weft.train.TrainingOptions
import io.weft.watch.CheckpointSaver
import java.nio.file.Path

/**
 * Trains the two models of a pyramid, the small one first, and saves them as one.
 *
 * @param out where to
 * @param resume whether to go on with what is there
 */
internal class PyramidTraining(
    private val console: Console,
    private val stop: StopSignal,
    private val out: Path,
    private val resume: Boolean,
) {
    /** Trains [definition] from [seed], and says what came of it. */
    fun run(
        definition: MultiScale,
        seed: Long,
        examples: Examples,
        validation: Examples?,
        options: TrainingOptions.Builder,
    ): Outcome =
        start(definition, seed).use { model ->
            options.listen(CheckpointSaver.to(out, model))
            val results = linkedMapOf<Size, TrainingResult>()
            for (size in untrained(model, examples, options.build())) {
                console.note("the ${word(size)} image: ${model.model(size).definition()}")
                val result = trained(model, size, examples, validation, options)
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
            report(model, examples, validation, results)
        }

    /** What there is to do, once it is clear that all of it would be of one kind. */
    private fun untrained(
        model: MultiScaleModel,
        examples: Examples,
        options: TrainingOptions,
    ): List<Size> {
        if (!resume) return Size.entries
        return SavedTraining.checkResumable {
            Size.entries.filterNot { model.isTrained(it, examples, options) }
        }
    }

    private fun start(
        definition: MultiScale,
        seed: Long,
    ): MultiScaleModel {
        if (!resume) return MultiScaleModel.initial(definition, seed)
        return SavedTraining.resumed(out, SavedModels::loadPyramid) {
            it.definition() == definition
        }
    }

    private fun trained(
        model: MultiScaleModel,
        size: Size,
        examples: Examples,
        validation: Examples?,
        options: TrainingOptions.Builder,
    ): TrainingResult {
        val one = model.model(size)
        validation?.let { options.validateOn(part(model, size, it)) }
        val own = part(model, size, examples)
        val settings = options.build()
        val goesOn = resume && one.history().isNotEmpty()
        if (goesOn) SavedTraining.checkResumable { one.checkResumable(own, settings) }
        return SavedTraining.run(console, out) {
            WatchedTraining(console, stop).run(one) {
                if (goesOn) one.resuming(own, settings) else one.training(own, settings)
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
            json["${word(size)}_steps"] = result.steps
            json["${word(size)}_outcome"] = result.record?.outcome() ?: "CANCELLED"
        }
        if (isStopped) {
            console.note("stopped; what was reached is saved, and --resume goes on with it")
        } else {
            json += scored(model, examples, validation)
        }
        console.say(format("trained for %.1f s", seconds))
        if (results.values.any { it.isWorthSaving }) console.say("saved in $out")
        json += mapOf("seconds" to seconds, "out" to "$out")
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

    private fun word(size: Size) = size.name.lowercase()
}
