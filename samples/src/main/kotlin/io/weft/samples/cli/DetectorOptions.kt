package io.weft.samples.cli

import io.weft.anomaly.AnomalyDetector
import io.weft.anomaly.AnomalyScore
import io.weft.data.ImageSet
import io.weft.model.GatedPixelCnn
import io.weft.optimise.Adam
import io.weft.train.TrainingEvent
import io.weft.train.TrainingOptions
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.TypeConversionException

/** How a detector is fit: its images, its two networks, and how images are told. */
internal class DetectorOptions {
    @Option(
        names = ["--false-alarms"],
        paramLabel = "SHARE",
        description = ["Flag at most this share of good images (default $FALSE_ALARMS)."],
    )
    private var falseAlarms: Double? = null

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

    @Option(
        names = ["--size"],
        paramLabel = "N|RxC",
        converter = [ImageSize.Converter::class],
        description = [
            "Bring images to N rows and columns, or to R rows and C columns, as --fit says" +
                " (default: as they are; of the embedded digits 28).",
        ],
    )
    private var size: ImageSize? = null

    @Option(
        names = ["--colours"],
        paramLabel = "NAME",
        description = ["Turn pictures to grey, or to rgb (default: as they are)."],
    )
    private var colours: Colours? = null

    @Mixin
    private lateinit var quantised: LevelsOption

    @Option(
        names = ["--maps"],
        paramLabel = "N",
        description = ["Feature maps of each block of both networks (default $MAPS)."],
    )
    private var maps: Int? = null

    @Option(
        names = ["--blocks"],
        paramLabel = "N",
        description = ["Blocks after the first layer (default $BLOCKS)."],
    )
    private var blocks: Int? = null

    @Option(
        names = ["--steps"],
        paramLabel = "N",
        description = ["Training steps of each network (default $STEPS)."],
    )
    private var steps: Long? = null

    @Option(
        names = ["--batch"],
        paramLabel = "N",
        description = ["Images of a step (default $BATCH)."],
    )
    private var batch: Int? = null

    @Option(
        names = ["--rate"],
        paramLabel = "R",
        description = ["The learning rate of Adam (default $RATE)."],
    )
    private var rate: Double? = null

    @Option(
        names = ["--seed"],
        paramLabel = "N",
        description = ["Decides weights, order and what is held out (default 1)."],
    )
    private var seed: Long? = null

    /** One that was given, for messages. */
    val given: String?
        get() =
            listOf(
                "--false-alarms" to falseAlarms,
                "--score" to score,
                "--size" to size,
                "--colours" to colours,
                "--maps" to maps,
                "--blocks" to blocks,
                "--steps" to steps,
                "--batch" to batch,
                "--rate" to rate,
                "--seed" to seed,
            ).firstOrNull { it.second != null }?.let { (name, value) -> "$name=$value" }

    /** Checks the ranges, naming the option. */
    fun check(misuse: (String) -> Nothing) {
        quantised.check(misuse)
        maps?.let { if (it < 1) misuse("--maps=$it; expected 1 or more") }
        blocks?.let { if (it < 1) misuse("--blocks=$it; expected 1 or more") }
        steps?.let { if (it < 1) misuse("--steps=$it; expected 1 or more") }
        batch?.let { if (it < 1) misuse("--batch=$it; expected 1 or more") }
        rate?.let { if (!(it > 0)) misuse("--rate=$it; expected a number above 0") }
        falseAlarms?.let {
            if (!(it > 0 && it < 1)) misuse("--false-alarms=$it; expected a share from 0 to 1")
        }
    }

    /** Reads good images. */
    fun read(
        path: String,
        pictures: PictureOptions,
        console: Console,
    ): ImageSet {
        val reading = pictures.reading(size, colours, seed ?: SEED)
        val side = size?.rows ?: DataSource.USUAL_SIZE
        return DataSource(path, side, reading, console::note).train(null, quantised.levels)
    }

    /** Trains both networks under the user's eyes. */
    fun fit(
        good: ImageSet,
        console: Console,
    ): AnomalyDetector {
        val definition =
            GatedPixelCnn
                .builder(good.spec())
                .blocks(blocks ?: BLOCKS)
                .maps(maps ?: MAPS)
                .build()
        val all = steps ?: STEPS
        console.note("fitting on ${good.size()} good images: two networks, $all steps each")
        return console.progress("train", 2 * all).use { progress ->
            var done = 0L
            val training =
                TrainingOptions
                    .seed(seed ?: SEED)
                    .steps(all)
                    .batch(batch ?: BATCH)
                    .optimiser(Adam.withRate(rate ?: RATE))
                    .listen {
                        if (it is TrainingEvent.Stepped) {
                            progress.at(++done, format("%.3f bits/dim", it.bitsPerDimension()))
                        }
                    }.build()
            val builder =
                AnomalyDetector
                    .builder(definition)
                    .training(training)
                    .falseAlarms(falseAlarms ?: FALSE_ALARMS)
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
        const val FALSE_ALARMS = 0.05
        const val MAPS = 16
        const val BLOCKS = 2
        const val STEPS = 1_500L
        const val BATCH = 32
        const val RATE = 3e-3
        const val SEED = 1L
    }
}
