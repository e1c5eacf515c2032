package io.weft.samples.cli

import io.weft.Model
import io.weft.complete.KnownPixels
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.MultiScaleSampler
import io.weft.sample.Sampler
import io.weft.sample.SamplingExecutor
import io.weft.spark.Fleet
import io.weft.spark.FleetLabels
import io.weft.spark.FleetSampler
import io.weft.spec.Condition
import io.weft.spec.ConditionValues
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** How a command draws images, and where it shows them. */
internal class DrawingOptions {
    @Option(
        names = ["--seed"],
        paramLabel = "N",
        description = ["Fixes all randomness (default \${DEFAULT-VALUE})."],
    )
    var seed = 1L

    @Option(
        names = ["--label"],
        split = ",",
        paramLabel = "NAME|N",
        description = [
            "The class of all images, or of each in turn: cat,dog or 0,1,2 (default: that of the" +
                " data, or every class in turn).",
        ],
    )
    var labels: Array<String>? = null

    @Option(
        names = ["--temperature"],
        paramLabel = "T",
        description = [
            "Above 0; 1 draws from the model itself, less makes the likely likelier" +
                " (default \${DEFAULT-VALUE}).",
        ],
    )
    var temperature = 1.0

    @Option(
        names = ["--batch"],
        paramLabel = "N",
        description = ["Images drawn in lockstep (default \${DEFAULT-VALUE})."],
    )
    var batch = Sampler.DEFAULT_BATCH

    @Option(
        names = ["--executor"],
        paramLabel = "NAME",
        description = [
            "What runs the steps: jvm, tensorflow (compiled by XLA where that is available)," +
                " tensorflow-without-xla, or automatic (default \${DEFAULT-VALUE}).",
        ],
    )
    var executor = AUTOMATIC

    @Mixin
    var place = DeviceOption()

    @Option(
        names = ["--order"],
        paramLabel = "NAME",
        description = [
            "Draw pixels in this order, as for train (default: the model's own first one).",
        ],
    )
    var order: String? = null

    @Option(
        names = ["--stream"],
        description = ["Show the images in the terminal while their pixels are drawn."],
    )
    var stream = false

    @Mixin
    var sheet = SheetOptions()

    /**
     * Checks what can be checked without the model.
     *
     * @param hasOtherOutput whether the images are written in a way of the command's own
     */
    fun check(
        hasOtherOutput: Boolean,
        misuse: (String) -> Nothing,
    ) {
        if (batch < 1) misuse("--batch=$batch; expected 1 or more")
        sheet.check(misuse)
        if (!(temperature > 0 && temperature.isFinite())) {
            misuse("--temperature=$temperature; expected more than 0 (1 is the model itself)")
        }
        if (place.isJvm && executor.startsWith(TENSORFLOW)) {
            misuse("${place.given} leaves TensorFlow out; take --executor=jvm, or leave it out too")
        }
        if (!stream && !sheet.isAny && !hasOtherOutput) {
            misuse("nothing to show the images with; add --stream, --png=FILE or both")
        }
    }

    /**
     * Returns the classes of [count] images, null where the model takes none.
     *
     * @param of the class that an image has by itself, if any
     */
    fun classes(
        given: List<Condition>,
        count: Int,
        misuse: (String) -> Nothing,
        of: (Int, Condition.OneOf) -> Int? = { _, _ -> null },
    ): DrawnClasses? {
        val condition = classCondition(given)
        if (condition == null && given.isNotEmpty()) {
            throw InputException(
                "the model takes the conditions ${given.map {
                    it.name()
                }}; the command line draws" +
                    " under one class or none, use the library (Sampler.conditions)",
            )
        }
        if (condition == null) {
            labels?.let {
                misuse("--label=${it.first()}, but the model takes no classes; leave it out")
            }
            return null
        }
        val chosen = labels?.map { label(it, condition.classes(), misuse) }
        return DrawnClasses(
            condition,
            IntArray(count) { image ->
                chosen?.let { some -> some[image % some.size] }
                    ?: of(image, condition)
                    ?: (image % condition.count())
            },
        )
    }

    /**
     * Returns [count] images to be drawn.
     *
     * @param known what is known of each, where they are completed
     */
    fun drawable(
        saved: Saved,
        count: Int,
        classes: DrawnClasses?,
        known: ((Int) -> KnownPixels)? = null,
    ): Drawable =
        when (saved) {
            is Saved.One -> {
                val sampler = sampler(saved.model, count, classes)
                ModelDrawable(
                    known?.let { of -> sampler.complete { of(it.toInt()) } } ?: sampler,
                )
            }

            is Saved.Pyramid -> {
                val sampler = sampler(saved.model, count, classes)
                PyramidDrawable(
                    known?.let { of -> sampler.complete { of(it.toInt()) } } ?: sampler,
                )
            }
        }

    private fun sampler(
        model: Model,
        count: Int,
        classes: DrawnClasses?,
    ): Sampler =
        ordered(model.sampler(seed))
            .executor(SamplingExecutor.named(executor))
            .count(count)
            .temperature(temperature)
            .conditions { image -> classes?.of(image) ?: ConditionValues.none() }

    private fun sampler(
        model: MultiScaleModel,
        count: Int,
        classes: DrawnClasses?,
    ): MultiScaleSampler {
        val plain =
            model
                .sampler(seed)
                .executor(SamplingExecutor.named(executor))
                .count(count)
                .temperature(temperature)
                .conditions { image -> classes?.of(image) ?: ConditionValues.none() }
        val named = order?.let { OrderOptions.named(it, model.definition()) }.orEmpty()
        return named.entries.fold(plain) { all, (size, one) -> all.order(size, one) }
    }

    /** Returns [count] images to be drawn by workers, on the JVM where nothing else is asked for. */
    fun sampler(
        fleet: Fleet,
        model: Model,
        count: Int,
        classes: DrawnClasses?,
    ): FleetSampler {
        val image = model.image()
        val plain =
            fleet
                .sample(
                    model,
                    seed,
                ).count(count.toLong())
                .batch(batch)
                .temperature(temperature)
        val labelled = classes?.let { plain.labels(it.travelling()) } ?: plain
        val ordered =
            order?.let { labelled.order(GenerationOrder.named(it, image.height(), image.width())) }
                ?: labelled
        return executor.takeIf { it != AUTOMATIC }?.let(ordered::executor) ?: ordered
    }

    private fun ordered(sampler: Sampler): Sampler {
        val image = sampler.definition().image()
        return order?.let {
            sampler.order(GenerationOrder.named(it, image.height(), image.width()))
        } ?: sampler
    }

    /** Draws all images, live or with a progress bar. */
    fun draw(
        drawing: SampleDrawing,
        console: Console,
    ): DrawnImages =
        if (stream) drawing.live(console, batch) else drawing.withProgress(console, batch)

    private companion object {
        /** What is quickest here; elsewhere another may be. */
        const val AUTOMATIC = "automatic"

        /** How those begin that TensorFlow runs. */
        const val TENSORFLOW = "tensorflow"
    }
}

/** The classes that images are drawn under. */
internal class DrawnClasses(
    private val condition: Condition.OneOf,
    private val labels: IntArray,
) {
    /** What each image is of. */
    val names: List<String> get() = labels.map { condition.classes().name(it) }

    /** Returns the labels, as they go to the workers of a cluster. */
    fun travelling(): FleetLabels = labels.let { all -> FleetLabels { all[it.toInt()] } }

    /** Returns the condition of an image. */
    fun of(image: Long): ConditionValues =
        ConditionValues.none().withLabel(condition.name(), labels[image.toInt()])
}
