package io.weft.samples.cli

import io.weft.define.Definition
import io.weft.graph.Condition
import io.weft.graph.ConditionValues
import io.weft.order.GenerationOrder
import io.weft.sample.Sampler
import io.weft.sample.SamplingExecutor
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft sample`: draws images from a saved model. */
@Command(
    name = "sample",
    description = ["Draw images from a saved model."],
    footer = [
        "",
        "Examples:",
        "  weft sample --model-dir digits --count 10 --stream",
        "  weft sample --model-dir digits --count 64 --label 3 --png threes.png",
        "",
        "The same seed gives the same images, whatever the batch, shown live or not.",
        "Ctrl-C stops at the next pixel; --png gets the images that were finished.",
    ],
)
internal class SampleCommand : WeftCommand() {
    @Mixin
    private lateinit var folder: ModelDirOption

    @Option(
        names = ["--count"],
        paramLabel = "N",
        description = ["How many images (default \${DEFAULT-VALUE})."],
    )
    private var count = 10

    @Option(
        names = ["--seed"],
        paramLabel = "N",
        description = ["Fixes all randomness (default \${DEFAULT-VALUE})."],
    )
    private var seed = 1L

    @Option(
        names = ["--label"],
        split = ",",
        paramLabel = "N",
        description = [
            "The class of all images, or of each in turn: 0,1,2 (default: every class in turn).",
        ],
    )
    private var labels: IntArray? = null

    @Option(
        names = ["--temperature"],
        paramLabel = "T",
        description = [
            "Above 0; 1 draws from the model itself, less makes the likely likelier" +
                " (default \${DEFAULT-VALUE}).",
        ],
    )
    private var temperature = 1.0

    @Option(
        names = ["--batch"],
        paramLabel = "N",
        description = ["Images drawn in lockstep (default \${DEFAULT-VALUE})."],
    )
    private var batch = Sampler.DEFAULT_BATCH

    @Option(
        names = ["--executor"],
        paramLabel = "NAME",
        description = [
            "What runs the steps: jvm, tensorflow (compiled by XLA where that is available)," +
                " tensorflow-without-xla, or automatic (default \${DEFAULT-VALUE}).",
        ],
    )
    private var executor = "automatic"

    @Option(
        names = ["--order"],
        paramLabel = "NAME",
        description = [
            "Draw pixels in this order, as for train (default: the model's own first one).",
        ],
    )
    private var order: String? = null

    @Option(
        names = ["--stream"],
        description = ["Show the images in the terminal while their pixels are drawn."],
    )
    private var stream = false

    @Option(
        names = ["--png"],
        paramLabel = "FILE",
        description = ["Write all images on one sheet."],
    )
    private var png: Path? = null

    @Option(
        names = ["--scale"],
        paramLabel = "N",
        description = ["Enlarge each pixel of the sheet N times (default \${DEFAULT-VALUE})."],
    )
    private var scale = 4

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        check()
        return SavedModels.load(folder.path).use { model ->
            val classes = classes(model.definition())
            val sampler =
                readingOptions {
                    ordered(model.sampler(seed))
                        .executor(SamplingExecutor.named(executor))
                        .count(count)
                        .temperature(temperature)
                        .conditions { image -> conditions(classes, image) }
                }
            val captions =
                if (classes ==
                    null
                ) {
                    listOf()
                } else {
                    List(count) { "${label(classes, it)}" }
                }
            val drawing = SampleDrawing(sampler, captions, stop)
            val started = System.nanoTime()
            val drawn =
                if (stream) {
                    drawing.live(
                        console,
                        batch,
                    )
                } else {
                    drawing.withProgress(console, batch)
                }
            val seconds = (System.nanoTime() - started) / NANOS
            val done = drawn.images.size
            if (drawn.isStopped) {
                console.note("stopped; $done of $count images were finished")
            }
            val sheet = png.takeIf { done > 0 }
            sheet?.let {
                drawing.write(drawn.images, COLUMNS, scale, it)
                console.say("wrote $it")
            }
            console.say(
                format("%d images in %.2f s, %.2f a second", done, seconds, done / seconds),
            )
            Outcome(
                linkedMapOf(
                    "images" to done,
                    "seed" to seed,
                    "temperature" to temperature,
                    "labels" to classes?.let { c -> List(done) { label(c, it) } },
                    "seconds" to seconds,
                    "images_per_second" to done / seconds,
                    "png" to sheet?.toString(),
                ),
                if (drawn.isStopped) ExitCode.INTERRUPTED else ExitCode.OK,
            )
        }
    }

    private fun ordered(sampler: Sampler): Sampler {
        val image = sampler.definition().image()
        return order?.let {
            sampler.order(GenerationOrder.named(it, image.height(), image.width()))
        } ?: sampler
    }

    private fun check() {
        if (count < 1) misuse("--count=$count; expected 1 or more")
        if (batch < 1) misuse("--batch=$batch; expected 1 or more")
        if (scale !in 1..MOST_SCALE) misuse("--scale=$scale; expected 1 to $MOST_SCALE")
        if (!(temperature > 0 && temperature.isFinite())) {
            misuse("--temperature=$temperature; expected more than 0 (1 is the model itself)")
        }
        if (!stream && png == null) {
            misuse("nothing to show the images with; add --stream, --png=FILE or both")
        }
    }

    /** The model's class condition, null if it has none; checks the labels against it. */
    private fun classes(definition: Definition): Condition.OneOf? {
        val given = definition.conditions()
        val classes = given.singleOrNull() as? Condition.OneOf
        if (classes == null && given.isNotEmpty()) {
            throw InputException(
                "the model takes the conditions ${given.map {
                    it.name()
                }}; the command line draws" +
                    " under one class or none, use the library (Sampler.conditions)",
            )
        }
        labels?.forEach {
            when {
                classes == null -> {
                    misuse("--label=$it, but the model takes no classes; leave it out")
                }

                it !in 0 until classes.count() -> {
                    misuse("--label=$it; the model's classes are 0 to ${classes.count() - 1}")
                }
            }
        }
        return classes
    }

    private fun label(
        classes: Condition.OneOf,
        image: Int,
    ): Int = labels?.let { it[image % it.size] } ?: (image % classes.count())

    private fun conditions(
        classes: Condition.OneOf?,
        image: Long,
    ): ConditionValues {
        val none = ConditionValues.none()
        return if (classes ==
            null
        ) {
            none
        } else {
            none.withLabel(classes.name(), label(classes, image.toInt()))
        }
    }

    private companion object {
        const val COLUMNS = 10
        const val MOST_SCALE = 64
        const val NANOS = 1e9
    }
}
