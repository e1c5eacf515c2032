package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.data.Variation
import io.weft.define.Definition
import io.weft.optimise.RateSchedule
import io.weft.pyramid.MultiScaleModel
import io.weft.train.TrainingEvent.Reason.CANCELLED
import io.weft.train.TrainingOptions
import io.weft.watch.CheckpointSaver
import io.weft.watch.SampleSheet
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path
import kotlin.io.path.exists

/** `weft train`: declares a model, trains it, saves it. */
@Command(
    name = "train",
    description = ["Train a model and save it."],
    footer = [
        "",
        "Examples:",
        "  weft train --data embedded --size 16 --levels 4 --classes 10 --out digits",
        "  weft train --data embedded --batch 64 --micro-batch 4 --out m --spark local[4]",
        "",
        "The model is saved after each validation, which is once an epoch, and at the end.",
        "Ctrl-C stops after the step in hand and saves what was reached; --resume goes on.",
        "What cannot be written on the way, say on a full disk, is told once and tried again.",
        "Training that diverges fails, and leaves what was saved before.",
    ],
)
internal class TrainCommand : WeftCommand() {
    /** How long to train: one of the two. */
    internal class Duration {
        @Option(
            names = ["--epochs"],
            paramLabel = "N",
            description = ["Passes over the data (default 1)."],
        )
        var epochs: Int? = null

        @Option(
            names = ["--steps"],
            paramLabel = "N",
            description = ["Steps, in place of --epochs."],
        )
        var steps: Long? = null
    }

    /** What to validate on: one of the two. */
    internal class Validation {
        @Option(
            names = ["--validation"],
            paramLabel = "FRACTION",
            description = [
                "Set this share of the images aside to validate on (default: the data's own test" +
                    " images, or else 0.1).",
            ],
        )
        var fraction: Double? = null

        @Option(
            names = ["--test-data"],
            paramLabel = "PATH",
            description = ["Validate on these images (kinds as for --data)."],
        )
        var data: String? = null
    }

    @Mixin
    private lateinit var network: ModelOptions

    @Mixin
    private lateinit var data: DataOptions

    @Mixin
    private lateinit var quantised: LevelsOption

    @Mixin
    private lateinit var binarise: BinariseOptions

    @Mixin
    private lateinit var augment: AugmentOption

    @Mixin
    private lateinit var form: FormOptions

    @ArgGroup
    private var duration: Duration? = null

    @Mixin
    private lateinit var micro: MicroBatchOptions

    @Mixin
    private lateinit var optimiser: OptimiserOptions

    @Mixin
    private lateinit var numbers: PrecisionOption

    @Option(
        names = ["--seed"],
        paramLabel = "N",
        description = ["Decides weights, order and noise (default \${DEFAULT-VALUE})."],
    )
    private var seed = 1L

    @ArgGroup
    private var validation: Validation? = null

    @Mixin
    private lateinit var keeping: KeepOptions

    @Mixin
    private lateinit var tuning: FineTuneOptions

    @Mixin
    private lateinit var watch: WatchOptions

    @Option(
        names = ["--save-every"],
        paramLabel = "N",
        description = [
            "Save the model, and write what watches it, after every N steps too, not only after" +
                " validations.",
        ],
    )
    private var saveEvery: Long? = null

    @Option(
        names = ["--resume"],
        description = [
            "Go on with the training of the model in --out, up to --epochs or --steps in all." +
                " With the same options it ends as if it had never been interrupted; what" +
                " decides its steps, --polyak too, has to be the same.",
        ],
    )
    private var resume = false

    @Mixin
    private lateinit var place: DeviceOption

    @Mixin
    private lateinit var spark: FleetOption

    @Option(
        names = ["--out"],
        required = true,
        paramLabel = "DIR",
        description = ["Save the model here; a model that is there already is replaced."],
    )
    private lateinit var out: Path

    /**
     * Images to train on, with what they become at every visit, and others to validate on.
     *
     * @property stored as they were read
     */
    private class Images(
        val stored: ImageSet,
        val variations: List<Variation>,
        val validation: ImageSet?,
    ) {
        /** As the first visit sees them. */
        val train = variations.fold(stored) { images, variation -> images.varied(variation) }
    }

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        check()
        val images = images(console)
        if (isPyramid) return trainPyramid(console, stop, images)
        val definition = definition(images.train)
        val examples = examples(definition, images.stored, "--data", images.variations)
        return start(definition).use { model ->
            optimiser.find(console, model, examples) { rates -> searching(examples, rates) }
            val settings = options(examples)
            images.validation?.let {
                val source = validation?.data?.let { "--test-data" } ?: "--data"
                settings.validateOn(examples(definition, it, source))
            }
            if (resume) {
                SavedTraining.checkResumable { model.checkResumable(examples, settings.build()) }
            }
            // Saving first: whatever watching comes to, the checkpoint is safe.
            settings.listen(CheckpointSaver.to(out, model))
            val all = settings.build()
            readingOptions { all.check(definition) }
            val watching =
                watch.begin(
                    definition.name(),
                    all.steps(all.stepsPerEpoch(examples)),
                ) { count, seed -> SampleSheet.of(model, count, seed) }
            watching.listeners.forEach(settings::listen)
            console.note("$definition")
            classes(definition)?.let { known ->
                known.noteIfTakenInOrder(console, images.train)
                console.note("classes: ${known.labelled()}")
            }
            val validating = images.validation?.let { "validating on ${it.size()}" } ?: UNVALIDATED
            console.note("training on ${images.train}; $validating")
            images.variations.forEach { console.note("images are $it") }
            val result = trained(console, stop, model, examples, settings.build())
            report(console, definition, images, result, watching.files.filter { it.exists() })
        }
    }

    private fun trainPyramid(
        console: Console,
        stop: StopSignal,
        images: Images,
    ): Outcome {
        if (binarise.isDynamic || augment.isGiven) {
            misuse(
                "--binarise=dynamic and --augment change images at every visit, which is not for" +
                    " a multi-scale model; take --binarise=static",
            )
        }
        val classes = network.classes?.of(images.train)
        val definition =
            tuning.pyramid ?: readingOptions { network.pyramid(images.train.spec(), classes) }

        fun examples(of: ImageSet) =
            readingInput { Examples.suiting(definition.conditions(), of).also(definition::check) }
        val validating = images.validation?.let { "validating on ${it.size()}" } ?: UNVALIDATED
        console.note("training on ${images.train}; $validating")
        val train = examples(images.train)
        // Of both before either is trained, as they are asked for the same.
        readingOptions {
            val all = searching(train, null).build()
            listOf(definition.small(), definition.large()).forEach(all::check)
        }
        return PyramidTraining(console, stop, spark, place.device, out, resume)
            .run(
                definition,
                {
                    tuning.pyramidModel(place.device)
                        ?: MultiScaleModel.initial(definition, seed, place.device)
                },
                train,
                images.validation?.let(::examples),
                { options(train) },
                watch,
            )
    }

    /** Trains, and saves what is worth it. */
    private fun trained(
        console: Console,
        stop: StopSignal,
        model: Model,
        examples: Examples,
        options: TrainingOptions,
    ): TrainingResult {
        val result =
            SavedTraining.run(console, out) {
                spark.gradients { by ->
                    WatchedTraining(console, stop).run(model) {
                        if (resume) {
                            by.resuming(model, examples, options)
                        } else {
                            by.training(model, examples, options)
                        }
                    }
                }
            }
        if (result.isWorthSaving) {
            SavedModels.save(model, out)
        }
        return result
    }

    private fun start(definition: Definition): Model =
        if (resume) {
            SavedTraining.resumed(out, { SavedModels.load(it, "--out", place.device) }) {
                it.definition() == definition
            }
        } else {
            tuning.model(place.device) ?: Model.initial(definition, seed, place.device)
        }

    private val isPyramid: Boolean
        get() = network.kind == ModelKind.MULTI_SCALE || tuning.isPyramid

    /** Looks at every option, and at what is fine-tuned, before any data are read. */
    private fun check() {
        network.check(::misuse)
        data.check(::misuse)
        watch.check(::misuse)
        quantised.check(::misuse)
        binarise.check(::misuse)
        if (quantised.levels != LevelsOption.USUAL) {
            val levels = quantised.levels
            binarise.checkLevels(levels, "--levels=$levels; leave it out", ::misuse)
        }
        micro.checkFor(spark, ::misuse)
        place.checkTrains(::misuse)
        keeping.check(::misuse)
        optimiser.check(isPyramid, resume, ::misuse)
        tuning.check(::isGiven, ::misuse)
        form.check("--data", data.data, ::misuse)
        form.checkFit(data.pictures, ::misuse)
        validation?.fraction?.let {
            if (!(it > 0 && it < 1)) misuse("--validation=$it; expected a share between 0 and 1")
        }
        if (isPyramid) {
            SavedModels.checkPyramidReplaceable(out, ::misuse)
        } else {
            SavedModels.checkReplaceable(out, ::misuse)
        }
        checkPrecision(numbers.precision, place.device)
        options(null)
    }

    /** How networks of this family are trained. */
    private val family: ModelKind.Recipe
        get() = tuning.definition?.let(ModelKind.Recipe::of) ?: network.kind.recipe

    private fun lasting(): TrainingOptions.Builder {
        val options = TrainingOptions.seed(seed)
        optimiser.applyBatch(options, family)
        duration?.steps?.let { options.steps(it) }
        duration?.epochs?.let { options.epochs(it) }
        return options
    }

    /**
     * What training is asked to be.
     *
     * @param examples what it is on; before that is read, all but the length of a schedule is checked
     */
    private fun options(examples: Examples?): TrainingOptions.Builder =
        readingOptions {
            val options = searching(examples, null)
            saveEvery?.let { options.checkpointEvery(it) }
            keeping.apply(options)
            options
        }

    /**
     * What training is asked to be, but for what is saved and kept.
     *
     * @param rates in place of those that are asked for
     */
    private fun searching(
        examples: Examples?,
        rates: RateSchedule?,
    ): TrainingOptions.Builder =
        readingOptions {
            val options = lasting().precision(numbers.precision)
            val bare = lasting().build()
            val steps = examples?.let { bare.steps(bare.stepsPerEpoch(it)) } ?: SOME_STEPS
            micro.applied(options)
            tuning.apply(options, optimiser.apply(options, family, steps, rates))
            options
        }

    private fun images(console: Console): Images {
        val levels = binarise.levelsOfReading(quantised.levels)

        fun source(
            option: String,
            path: String,
        ) = form.source(option, path, data.pictures, seed, console::note)
        val source = source("--data", data.data)
        val all = source.train(data.limit, levels)
        readingOptions { variations().fold(all.spec()) { images, one -> one.spec(images) } }
        val fraction = validation?.fraction
        val other = validation?.data
        val apart =
            when {
                other != null -> {
                    val given = source("--test-data", other)
                    given.test(null, levels) ?: given.train(null, levels)
                }

                fraction != null -> {
                    null
                }

                else -> {
                    source.test(null, levels)
                }
            }
        data.pictures.checkUsed(form.colours)
        if (apart != null) {
            return Images(all, variations(), seen(apart.spread(VALIDATION_LIMIT)))
        }
        if (fraction == null && all.size() < FEWEST_TO_SPLIT) {
            keeping.check("to set some aside takes more than ${counted(all.size(), "image")}")
            return Images(all, variations(), null)
        }
        val split = readingInput { all.split(fraction ?: USUAL_FRACTION, seed) }
        return Images(split.train(), variations(), seen(split.validation()))
    }

    private fun variations(): List<Variation> =
        augment.variations(seed) + listOfNotNull(binarise.binarisation)

    /** What is validated on is not augmented, and drawn once. */
    private fun seen(images: ImageSet): ImageSet {
        val unvaried = readingOptions { augment.unvaried(images) }
        return binarise.binarisation?.let { unvaried.binarised(it) } ?: unvaried
    }

    /** A model that is gone on with has its classes already, in its own order. */
    private fun definition(images: ImageSet): Definition {
        tuning.definition?.let { return it }
        val asked = network.classes
        val known = asked?.let { saved()?.let(::classCondition) }
        return readingOptions {
            network.definition(
                images.spec(),
                known?.takeIf { asked.fits(it.classes()) } ?: asked?.of(images),
            )
        }
    }

    private fun saved(): Definition? =
        if (resume && out.exists()) {
            SavedModels.load(out, "--out", place.device).use { it.definition() }
        } else {
            null
        }

    private fun examples(
        definition: Definition,
        images: ImageSet,
        option: String,
        variations: List<Variation> = emptyList(),
    ): Examples =
        readingInput(option) {
            val examples =
                variations.fold(Examples.suiting(definition.conditions(), images)) { all, one ->
                    all.varied(one)
                }
            examples.check(definition.image(), definition.conditions())
            examples
        }

    private fun report(
        console: Console,
        definition: Definition,
        images: Images,
        result: TrainingResult,
        files: List<Path>,
    ): Outcome {
        val comparison = Comparison(images.train, images.validation, result)
        val rate = result.imagesPerSecond
        if (result.isStopped) {
            val step = result.record?.lastStep() ?: 0
            console.note(
                if (result.isWorthSaving) {
                    "stopped at step $step; the model so far is saved, and --resume goes on with it"
                } else {
                    "stopped at step $step; there is nothing to save yet"
                },
            )
        }
        comparison.say(console)
        console.say(
            format(
                "%s in %.1f s, %.1f images/s",
                counted(result.steps, "step"),
                result.seconds,
                rate,
            ),
        )
        if (result.isWorthSaving) console.say("saved in $out")
        files.forEach { console.say("wrote $it") }
        val json =
            linkedMapOf<String, Any?>(
                "model" to (tuning.source?.name ?: network.kind.label),
                "classes" to classes(definition)?.list(),
                "parameters" to definition.parameterCount(),
                "training_images" to images.train.size(),
                "validation_images" to (images.validation?.size() ?: 0),
                "steps" to result.steps,
                "outcome" to (result.record?.outcome() ?: "$CANCELLED"),
                "training_bits_per_dim" to result.trainingBits,
                "precision" to "${numbers.precision}",
                "images_are" to images.variations.map { "$it" },
            )
        json += comparison.json()
        json += mapOf("seconds" to result.seconds, "images_per_second" to rate, "out" to "$out")
        json["files"] = files.map { "$it" }
        return Outcome(json, if (result.isStopped) ExitCode.INTERRUPTED else ExitCode.OK)
    }

    private companion object {
        const val USUAL_FRACTION = 0.1

        /** As many as any schedule takes. */
        const val SOME_STEPS = 1_000L

        /** Of fewer images a tenth is none. */
        const val FEWEST_TO_SPLIT = 5

        const val UNVALIDATED = "too few to set some aside: nothing is validated"

        /** Validation is for watching; `weft score` scores all. */
        const val VALIDATION_LIMIT = 1_000
    }
}
