package io.weft.samples.cli

import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.json.DefinitionJson
import io.weft.spec.Condition
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path
import kotlin.random.Random

/** What is measured, and for how long. */
internal class BenchOptions {
    /** The model; the sizes of the paper's small network where nothing is said. */
    @Mixin
    var model =
        ModelOptions().apply {
            usualMaps = PAPER_MAPS
            usualEmbedding = 0
            blocks = PAPER_BLOCKS
        }

    @Mixin
    var quantised = LevelsOption()

    @Option(
        names = ["--definition"],
        paramLabel = "FILE",
        description = ["Measure the model of a definition as JSON instead of a built-in one."],
    )
    var file: Path? = null

    @Option(
        names = ["--channels"],
        paramLabel = "N",
        description = ["Colour values of a pixel, 1 to 4 (default \${DEFAULT-VALUE})."],
    )
    var channels = 1

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
    fun check(
        given: (String) -> Boolean,
        misuse: (String) -> Nothing,
    ) {
        model.check(misuse)
        quantised.check(misuse)
        file?.let {
            val names = ModelOptions.NAMES + ModelOptions.FORM
            ModelOptions.refuse("--definition=$it", names, given, misuse)
        }
        if (rounds < 1) misuse("--rounds=$rounds; expected 1 or more")
        if (budgetSeconds < 0) misuse("--budget-seconds=$budgetSeconds; expected 0 or more")
    }

    /** The model that is measured. */
    fun definition(misuse: (String) -> Nothing): Definition =
        file?.let { DefinitionJson.standard().read(it) }
            ?: model.definition(ImageSpec(size, size, channels, quantised.levels), misuse)

    /** Says what is measured. */
    fun described(definition: Definition): Map<String, Any?> =
        if (file == null) described(definition, model) else describedInGeneral(definition)

    /** Images and conditions without meaning: what they are does not change how long it takes. */
    fun examples(
        definition: Definition,
        count: Int,
    ): Examples {
        val image = definition.image()
        val random = Random(1)
        val levels = IntArray(count * image.values()) { random.nextInt(image.levels()) }
        return Examples.conditioned(ImageSet.of(image, levels)) { index ->
            definition.conditions().fold(ConditionValues.none()) { values, condition ->
                val width = condition.shape().positions() * condition.shape().maps()
                when (condition) {
                    is Condition.OneOf -> values.withLabel(condition.name(), index % width)
                    is Condition.Vector -> values.withVector(condition.name(), *FloatArray(width))
                    is Condition.Spatial -> values.withMap(condition.name(), FloatArray(width))
                }
            }
        }
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
        const val PAPER_MAPS = 64
        const val PAPER_BLOCKS = 8
        const val NANOS = 1e9
    }
}

/** How many images are drawn together. */
internal class BatchesOption {
    @Option(
        names = ["--batches"],
        split = ",",
        paramLabel = "N",
        description = ["Images in lockstep, each measured apart (default 1,16,64)."],
    )
    var sizes = intArrayOf(1, 16, 64)

    /** Checks the range. */
    fun check(misuse: (String) -> Nothing) =
        sizes.forEach { if (it < 1) misuse("--batches=$it; expected 1 or more") }
}
