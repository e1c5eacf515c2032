package io.weft.samples.cli

import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.model.GatedPixelCnn
import io.weft.optimise.Adam
import io.weft.optimise.RateSchedule
import io.weft.sample.Sampler
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import io.weft.train.TrainingOptions
import picocli.CommandLine.Command
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft demo`: the whole road in two minutes, from a definition to digits in the terminal. */
@Command(
    name = "demo",
    description = ["Train a small model on digits for two minutes; then watch it draw ten."],
    footer = ["", "Example:", "  weft demo --png digits.png --out digits"],
)
internal class DemoCommand : WeftCommand() {
    @Option(
        names = ["--png"],
        paramLabel = "FILE",
        converter = [OutputFile::class],
        description = ["Write the digits on one sheet (default \${DEFAULT-VALUE})."],
    )
    private var png: Path = Path.of("weft-demo.png")

    @Option(
        names = ["--out"],
        paramLabel = "DIR",
        description = ["Save the model here, for score, sample and explain (default: do not)."],
    )
    private var out: Path? = null

    @Option(
        names = ["--seed"],
        paramLabel = "N",
        description = ["Of the digits that are drawn (default \${DEFAULT-VALUE})."],
    )
    private var seed = 1L

    @Option(
        names = ["--steps"],
        paramLabel = "N",
        description = ["Training steps; fewer are quicker and worse (default \${DEFAULT-VALUE})."],
    )
    private var steps = STEPS

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        if (steps < 1) misuse("--steps=$steps; expected 1 or more")
        out?.let { SavedModels.checkReplaceable(it, ::misuse) }
        val train = digits(TRAIN_IMAGES, 0)
        val validation = digits(VALIDATION_IMAGES, 1)
        val definition = definition(train.spec())
        console.note("$definition")
        return Model.initial(definition, 1).use { model ->
            val result =
                WatchedTraining(console, stop).run(model) {
                    model.training(examples(train), options(validation))
                }
            val comparison = Comparison(train, validation, result)
            comparison.say(console)
            out?.takeIf { result.isWorthSaving }?.let {
                SavedModels.save(model, it)
                console.say("saved the model in $it")
            }
            val sheet =
                if (result.isStopped) {
                    console.note("stopped at step ${result.steps}; no digits are drawn")
                    null
                } else {
                    draw(console, model, stop)
                }
            val json =
                comparison.json() +
                    linkedMapOf(
                        "steps" to result.steps,
                        "training_seconds" to result.seconds,
                        "png" to sheet?.toString(),
                        "out" to out?.toString(),
                    )
            Outcome(json, if (sheet == null) ExitCode.INTERRUPTED else ExitCode.OK)
        }
    }

    /** Draws ten digits and returns the sheet they are on, or null where Ctrl-C came first. */
    private fun draw(
        console: Console,
        model: Model,
        stop: StopSignal,
    ): Path? {
        val sampler =
            Sampler
                .of(model.definition(), model::weights, seed)
                .count(EmbeddedDigits.CLASSES)
                .temperature(TEMPERATURE)
                .conditions { image -> ConditionValues.none().withLabel(CLASS, image.toInt()) }
        val drawing =
            SampleDrawing(ModelDrawable(sampler), List(EmbeddedDigits.CLASSES) { "$it" }, stop)
        console.say("")
        val drawn = drawing.live(console, EmbeddedDigits.CLASSES)
        if (drawn.isStopped) {
            console.note("stopped; ${drawn.images.size} of ${EmbeddedDigits.CLASSES} digits drawn")
            return null
        }
        drawing.write(drawn.images, EmbeddedDigits.CLASSES, SCALE, png)
        console.say("")
        console.say("wrote $png")
        return png
    }

    private fun options(validation: ImageSet): TrainingOptions =
        TrainingOptions
            .seed(1)
            .steps(steps)
            .batch(BATCH)
            .optimiser(
                Adam.withRate(
                    RateSchedule.WarmUp(WARM_UP, RateSchedule.Cosine(RATE, steps, FINAL_SHARE)),
                ),
            ).polyak(POLYAK)
            .validateOn(examples(validation))
            .validateEvery(maxOf(1, steps / VALIDATIONS))
            .build()

    private companion object {
        const val CLASS = "digit"

        // Small images with few levels: what two minutes on two cores can learn to draw well.
        const val SIZE = 16
        const val LEVELS = 4
        const val TRAIN_IMAGES = 40_000
        const val VALIDATION_IMAGES = 500
        const val BLOCKS = 5
        const val MAPS = 32
        const val KERNEL = 5

        const val STEPS = 3_000L
        const val BATCH = 16
        const val RATE = 3e-3
        const val WARM_UP = 50L
        const val FINAL_SHARE = 0.02
        const val POLYAK = 0.995
        const val VALIDATIONS = 5

        // Below 1: fewer broken strokes, still no two digits alike.
        const val TEMPERATURE = 0.75
        const val SCALE = 6

        fun digits(
            count: Int,
            seed: Long,
        ): ImageSet =
            EmbeddedDigits
                .count(count)
                .size(SIZE)
                .levels(LEVELS)
                .seed(seed)
                .grey()

        fun definition(image: ImageSpec): Definition =
            GatedPixelCnn
                .builder(image)
                .blocks(BLOCKS)
                .maps(MAPS)
                .kernel(KERNEL)
                .classCondition(CLASS, List(EmbeddedDigits.CLASSES) { "$it" })
                .build()

        fun examples(images: ImageSet): Examples = Examples.labelled(images, CLASS)
    }
}
