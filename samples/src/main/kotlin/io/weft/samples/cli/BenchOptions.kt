package io.weft.samples.cli

import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** What is measured, and for how long. */
internal class BenchOptions {
    /** The model; the sizes of the paper's small network where nothing is said. */
    @Mixin
    var model =
        ModelOptions().apply {
            filters = PAPER_FILTERS
            layers = PAPER_LAYERS
        }

    @Mixin
    var quantised = LevelsOption()

    @Option(
        names = ["--size"],
        paramLabel = "N",
        description = ["Rows and columns of the images (default \${DEFAULT-VALUE})."],
    )
    var size = DataSource.USUAL_SIZE

    @Option(
        names = ["--rounds"],
        paramLabel = "N",
        description = ["Measure all that is compared N times (default \${DEFAULT-VALUE})."],
    )
    var rounds = 5

    @Option(
        names = ["--budget-seconds"],
        paramLabel = "S",
        description = [
            "Begin no further round after S seconds; the first is always finished" +
                " (default \${DEFAULT-VALUE}).",
        ],
    )
    var budgetSeconds = 120

    /** Checks the ranges. */
    fun check(misuse: (String) -> Nothing) {
        model.check(misuse)
        quantised.check(misuse)
        if (size !in SIZES) {
            misuse("--size=$size; expected ${SIZES.first} to ${SIZES.last}")
        }
        if (rounds < 1) misuse("--rounds=$rounds; expected 1 or more")
        if (budgetSeconds < 0) misuse("--budget-seconds=$budgetSeconds; expected 0 or more")
    }

    /** Images to work on. */
    fun images(count: Int): ImageSet =
        EmbeddedDigits
            .count(count)
            .size(size)
            .levels(quantised.levels)
            .grey()

    /** The images with what the model is conditioned on; classes beyond the digits stay unused. */
    fun examples(
        definition: Definition,
        images: ImageSet,
    ): Examples {
        val classes = model.classes ?: return Examples.of(images)
        val labels = IntArray(images.size()) { images.label(it) % classes }
        val labelled = images.unlabelled().labelled(labels, classes)
        return Examples.suiting(definition.conditions(), labelled)
    }

    /** Runs [round] until there were enough or the time is up; returns how many there were. */
    fun inRounds(round: (Int) -> Unit): Int {
        val started = System.nanoTime()
        var done = 0

        fun isTime() = (System.nanoTime() - started) / NANOS < budgetSeconds
        while (done < rounds && (done == 0 || isTime())) {
            round(done++)
        }
        return done
    }

    private companion object {
        val SIZES = EmbeddedDigits.MIN_SIZE..EmbeddedDigits.MAX_SIZE
        const val PAPER_FILTERS = 64
        const val PAPER_LAYERS = 8
        const val NANOS = 1e9
    }
}
