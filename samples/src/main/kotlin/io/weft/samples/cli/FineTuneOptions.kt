package io.weft.samples.cli

import io.weft.Model
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.optimise.Optimiser
import io.weft.pyramid.MultiScale
import io.weft.pyramid.MultiScaleModel
import io.weft.train.FineTune
import io.weft.train.TrainingOptions
import picocli.CommandLine.Option

/** Training that begins with a trained model, and what of a model is trained. */
internal class FineTuneOptions {
    @Option(
        names = ["--from"],
        paramLabel = "MODEL",
        converter = [ModelSource.Converter::class],
        description = [
            "Fine-tune this model: begin with its weights, and its network in place of --model" +
                " and its like; the learning rate's schedule begins anew. A folder, or" +
                " ${ModelSource.BUILTIN}NAME.",
        ],
    )
    var source: ModelSource? = null

    @Option(
        names = ["--keep-optimiser"],
        description = [
            "With --from, go on with what its optimiser and its Polyak average have come to" +
                " (default: begin them anew).",
        ],
    )
    private var keepOptimiser = false

    @Option(
        names = ["--freeze"],
        split = ",",
        paramLabel = "LAYER",
        description = [
            "Leave these layers, or blocks, as they are, separated by commas; a name that is not" +
                " there is answered with those that are.",
        ],
    )
    private var frozen: List<String> = emptyList()

    @Option(
        names = ["--train-only"],
        split = ",",
        paramLabel = "LAYER",
        description = ["Leave all layers but these, or those of these blocks, as they are."],
    )
    private var trained: List<String> = emptyList()

    @Option(
        names = ["--layer-rate"],
        split = ",",
        paramLabel = "LAYER=F",
        description = ["Multiply the learning rate of these layers, or blocks, by F."],
    )
    private var rates: Map<String, Double> = emptyMap()

    /** Asks for what was given, of a run with an [optimiser]. */
    fun apply(
        options: TrainingOptions.Builder,
        optimiser: Optimiser,
    ) {
        val starts = beginning?.starts.orEmpty()
        if (keepOptimiser) {
            starts.forEach { checkKept(it.kept, optimiser) }
            options.fineTune(FineTune.KEPT)
        } else if (starts.isNotEmpty() && starts.all { it.isTrained }) {
            options.fineTune(FineTune.FRESH)
        }
        if (trained.isNotEmpty()) options.trainOnly(*trained.toTypedArray())
        options.freeze(*frozen.toTypedArray())
        rates.forEach { (layer, factor) -> options.layerRate(layer, factor) }
    }

    private fun checkKept(
        kept: Set<String>?,
        optimiser: Optimiser,
    ) {
        requireNotNull(kept) {
            "--keep-optimiser: $source has weights alone, as what was imported, exported or comes" +
                " with Weft; leave it out"
        }
        require(kept == optimiser.slots().toSet()) {
            "--keep-optimiser: the optimiser of $source left $kept, where this one ($optimiser)" +
                " keeps ${optimiser.slots()}; give its --optimiser, or leave it out"
        }
    }

    /**
     * Refuses what changes nothing, or contradicts.
     *
     * @param given whether an option was given
     */
    fun check(
        given: (String) -> Boolean,
        misuse: (String) -> Nothing,
    ) {
        if (keepOptimiser && source == null) {
            misuse("--keep-optimiser is for fine-tuning; give --from=MODEL too")
        }
        source?.let { ModelOptions.refuse("--from=$it", ModelOptions.NAMES, given, misuse) }
    }

    /** What is fine-tuned, if something is, read once. */
    private val beginning: Beginning? by lazy {
        source?.let { if (it.isPyramid) Beginning.Pyramid.of(it) else Beginning.One.of(it) }
    }

    /** The network of the model that is fine-tuned, if one is. */
    val definition: Definition? get() = (beginning as? Beginning.One)?.start?.definition

    /** The networks of the pyramid that is fine-tuned, if one is. */
    val pyramid: MultiScale? get() = (beginning as? Beginning.Pyramid)?.definition

    /** Whether a pyramid is fine-tuned. */
    val isPyramid: Boolean get() = source?.isPyramid == true

    /** The model that is fine-tuned, if one is: a copy, with what was saved with it. */
    fun model(device: Device): Model? = (beginning as? Beginning.One)?.start?.model(device)

    /** The pyramid that is fine-tuned, if one is: a copy. */
    fun pyramidModel(device: Device): MultiScaleModel? =
        (beginning as? Beginning.Pyramid)?.model(device)
}
