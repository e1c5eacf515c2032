package io.weft.samples.cli

import io.weft.anomaly.AnomalyDetector
import io.weft.anomaly.AnomalyScore
import io.weft.data.ImageSet
import io.weft.engine.Device
import io.weft.model.GatedPixelCnn
import io.weft.optimise.Adam
import io.weft.train.TrainingEvent
import io.weft.train.TrainingOptions
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Mixin
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.Option
import picocli.CommandLine.Spec
import picocli.CommandLine.TypeConversionException
import java.lang.reflect.Member

/** How a detector is fit: its images, its two networks, and how images are told. */
internal class DetectorOptions {
    @Option(
        names = ["--false-alarms"],
        paramLabel = "SHARE",
        description = ["Flag at most this share of good images (default \${DEFAULT-VALUE})."],
    )
    private var falseAlarms = 0.05

    @Option(
        names = ["--score"],
        paramLabel = "NAME",
        converter = [ScoreConverter::class],
        description = [
            "likelihood, likelihood-ratio, complexity, typicality or joint (default: the one that" +
                " best tells good images from what they become when they are spoiled).",
        ],
    )
    private var score: AnomalyScore? = null

    @Mixin
    private lateinit var form: FormOptions

    @Mixin
    private lateinit var quantised: LevelsOption

    @Option(
        names = ["--maps"],
        paramLabel = "N",
        description = ["Feature maps of each block of both networks (default \${DEFAULT-VALUE})."],
    )
    private var maps = 16

    @Option(
        names = ["--blocks"],
        paramLabel = "N",
        description = ["Blocks after the first layer (default \${DEFAULT-VALUE})."],
    )
    private var blocks = 2

    @Option(
        names = ["--steps"],
        paramLabel = "N",
        description = ["Training steps of each network (default \${DEFAULT-VALUE})."],
    )
    private var steps = 1_500L

    @Option(
        names = ["--batch"],
        paramLabel = "N",
        description = ["Images of a step (default \${DEFAULT-VALUE})."],
    )
    private var batch = 32

    @Option(
        names = ["--rate"],
        paramLabel = "R",
        description = ["The learning rate of Adam (default \${DEFAULT-VALUE})."],
    )
    private var rate = 3e-3

    @Option(
        names = ["--seed"],
        paramLabel = "N",
        description = ["Decides weights, order and what is held out (default \${DEFAULT-VALUE})."],
    )
    private var seed = 1L

    @Spec(Spec.Target.MIXEE)
    private lateinit var command: CommandSpec

    /** What --colours says. */
    val colours: Colours? get() = form.colours

    /** One that was given, for messages. */
    val given: String?
        get() =
            command
                .commandLine()
                .parseResult
                .matchedOptions()
                .find { (it.userObject() as? Member)?.declaringClass in OWN }
                ?.let { "${it.longestName()}=${it.getValue<Any>()}" }

    /** Checks the ranges, naming the option; [good] are the images to be fit on. */
    fun check(
        good: String,
        misuse: (String) -> Nothing,
    ) {
        form.check(GOOD, good, misuse)
        quantised.check(misuse)
        if (maps < 1) misuse("--maps=$maps; expected 1 or more")
        if (blocks < 1) misuse("--blocks=$blocks; expected 1 or more")
        if (steps < 1) misuse("--steps=$steps; expected 1 or more")
        if (batch < 1) misuse("--batch=$batch; expected 1 or more")
        if (!(rate > 0)) misuse("--rate=$rate; expected a number above 0")
        if (!(falseAlarms > 0 && falseAlarms < 1)) {
            misuse("--false-alarms=$falseAlarms; expected a share from 0 to 1")
        }
    }

    /** Reads good images. */
    fun read(
        path: String,
        pictures: PictureOptions,
        console: Console,
    ): ImageSet =
        form.source(GOOD, path, pictures, seed, console::note).train(null, quantised.levels)

    /** Trains both networks under the user's eyes. */
    fun fit(
        good: ImageSet,
        device: Device,
        console: Console,
    ): AnomalyDetector {
        val definition =
            GatedPixelCnn
                .builder(good.spec())
                .blocks(blocks)
                .maps(maps)
                .build()
        console.note(
            "fitting on ${counted(
                good.size(),
                "good image",
            )}: two networks, ${counted(steps, "step")} each",
        )
        return console.progress("train", 2 * steps).use { progress ->
            var done = 0L
            val training =
                TrainingOptions
                    .seed(seed)
                    .steps(steps)
                    .batch(batch)
                    .optimiser(Adam.withRate(rate))
                    .listen {
                        if (it is TrainingEvent.Stepped) {
                            progress.at(++done, format("%.3f bits/dim", it.bitsPerDimension()))
                        }
                    }.build()
            val builder =
                AnomalyDetector
                    .builder(definition)
                    .device(device)
                    .training(training)
                    .falseAlarms(falseAlarms)
            score?.let { builder.score(it) }
            builder.fit(good)
        }
    }

    internal class ScoreConverter : ITypeConverter<AnomalyScore> {
        override fun convert(value: String): AnomalyScore =
            try {
                AnomalyScore.named(value)
            } catch (e: IllegalArgumentException) {
                throw TypeConversionException(e.message)
            }
    }

    private companion object {
        const val GOOD = "--good"

        /** What has options of fitting alone. */
        val OWN =
            setOf(
                DetectorOptions::class.java,
                FormOptions::class.java,
                LevelsOption::class.java,
            )
    }
}
