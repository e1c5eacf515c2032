package io.weft.samples.cli

import io.weft.ImageModel
import io.weft.complete.KnownPixels
import io.weft.complete.PixelMask
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.image.Picture
import io.weft.order.GenerationOrder
import io.weft.spec.Condition
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import kotlin.math.min

/** `weft complete`: fills in what is missing of images. */
@Command(
    name = "complete",
    description = [
        "Complete images of which a part is missing, with a saved model.",
        "",
        "Known pixels keep their values. A model that follows any order (pixelcnn, locally-masked" +
            " or image-gpt with --orders, or an --order but raster) sees all of them; any other" +
            " one those that come earlier in its order, or in that of its orders (gated or" +
            " pixelsnail with --orders) in which most do.",
    ],
    footer = [
        "",
        "Examples:",
        "  weft complete --model-dir digits --image torn.png --half bottom --png sheet.png",
        "  weft complete --model-dir digits --data embedded --index 7 --hole 4,4,8,8 --stream",
        "",
        "The sheet shows the image, what is known of it, and the completions; where there are" +
            " several images, a row for each.",
    ],
)
internal class CompleteCommand : WeftCommand() {
    @Mixin
    private lateinit var given: ModelDirOption

    @ArgGroup(multiplicity = "1")
    private lateinit var source: OriginalOptions

    @ArgGroup(multiplicity = "1")
    private lateinit var mask: MaskOptions

    @Option(
        names = ["--count"],
        paramLabel = "N",
        description = ["How many completions of each image (default \${DEFAULT-VALUE})."],
    )
    private var count = 8

    @Mixin
    private lateinit var pictures: PictureOptions

    @Option(
        names = ["--score"],
        description = [
            "Say how likely the model finds what really is in the missing part, given the known" +
                " one: its log-likelihood, under the class of the first completion.",
        ],
    )
    private var score = false

    @Mixin
    private lateinit var options: DrawingOptions

    /** The images, their mask, and how many times each is completed. */
    private class Task(
        val originals: ImageSet,
        val mask: PixelMask,
        val count: Int,
    ) {
        val total = originals.size() * count
        private val known = List(originals.size()) { KnownPixels.of(originals, it, mask) }

        /** Returns what is known of the image that a completion belongs to. */
        fun known(completion: Int): KnownPixels = known[completion / count]

        /** Returns the label of a completion's image in the model, by what the data call it. */
        fun label(
            completion: Int,
            condition: Condition.OneOf,
        ): Int? {
            if (!originals.hasLabels()) return null
            val examples = Examples.labelled(originals, condition.name())
            return readingInput { examples.conditions(completion / count).label(condition) }
        }

        /** How many pictures the sheet has for each image, and how many of them in a row. */
        val across = count + 2
        val columns = if (originals.size() > 1) across else min(across, COLUMNS)

        /** Returns the sheet: original, known part, completions, with the [names] of theirs. */
        fun sheet(
            completions: List<IntArray>,
            names: List<String>,
            scale: Int,
        ): Picture {
            val pictures =
                completions.chunked(count).flatMapIndexed { original, ways ->
                    listOf(Picture.of(originals, original), known[original].picture()) +
                        ways.map { Picture.of(originals.spec(), it) }
                }
            val captions =
                names.take(completions.size).chunked(count).flatMap { listOf("", "") + it }
            return SampleDrawing.sheet(columns, scale, pictures, captions)
        }
    }

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        if (count < 1) misuse("--count=$count; expected 1 or more")
        options.order?.let {
            if (score) {
                misuse("--order=$it and --score: it scores in the order that suits the mask best")
            }
        }
        options.check(hasOtherOutput = false, ::misuse)
        source.check(::misuse)
        pictures.check(::misuse)
        mask.check(source.file, ::misuse)
        return given.source.open(options.place.device).use { saved ->
            val task = task(saved.model.image(), console)
            val pictures = task.originals.size() * task.across
            options.sheet.checkSize(saved.model.image(), pictures, task.columns, ::misuse)
            if (options.labels == null) {
                classCondition(saved.model.conditions())
                    ?.classes()
                    ?.noteIfTakenInOrder(console, task.originals)
            }
            val classes =
                options.classes(
                    saved.model.conditions(),
                    task.total,
                    ::misuse,
                    task::label,
                )
            complete(saved, task, classes, console, stop)
        }
    }

    private fun task(
        image: ImageSpec,
        console: Console,
    ): Task {
        val given = pictures.reading(image, options.seed)
        val reading = if (mask.isCutOut) given.onAnyGround() else given
        val originals = readingInput { source.read(image, reading, console::note, ::misuse) }
        if (originals.size().toLong() * count > MOST_COMPLETIONS) {
            misuse("--count=$count of ${originals.size()} images; at most $MOST_COMPLETIONS in all")
        }
        val missing = mask.read(image, source.file, reading, console::note, ::misuse)
        pictures.checkUsed()
        return Task(originals, missing, count)
    }

    private fun complete(
        saved: Saved,
        task: Task,
        classes: DrawnClasses?,
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val drawable =
            readingOptions { options.drawable(saved, task.total, classes, task::known) }
        console.say(context(saved, task.mask))
        val own = if (score) score(saved.model, task, classes) else null
        own?.forEachIndexed { image, log ->
            console.say(
                format("image %d: its own missing part has log-likelihood %.2f", image, log),
            )
        }
        val drawing = SampleDrawing(drawable, classes?.names.orEmpty(), stop) { task.known(it) }
        val started = System.nanoTime()
        val drawn = options.draw(drawing, console)
        val seconds = (System.nanoTime() - started) / NANOS
        val done = drawn.images.size
        if (drawn.isStopped) {
            console.note("stopped; $done of ${task.total} completions were finished")
        }
        val png =
            options.sheet.write(drawn, console) { scale, file ->
                task.sheet(drawn.images, classes?.names.orEmpty(), scale).writePng(file)
            }
        console.say(format("%d completions in %.2f s", done, seconds))
        return Outcome(
            linkedMapOf(
                "images" to task.originals.size(),
                "completions" to done,
                "missing_pixels" to task.mask.missing(),
                "known_pixels_after_missing" to knownAfterMissing(saved, task.mask),
                "missing_log_likelihood" to own?.toList(),
                "seed" to options.seed,
                "temperature" to options.temperature,
                "labels" to classes?.names?.take(done),
                "seconds" to seconds,
                "png" to png?.toString(),
            ),
            if (drawn.isStopped) ExitCode.INTERRUPTED else ExitCode.OK,
        )
    }

    private fun score(
        model: ImageModel,
        task: Task,
        classes: DrawnClasses?,
    ): DoubleArray =
        readingInput {
            val examples =
                Examples.conditioned(task.originals) { image ->
                    classes?.of(image.toLong() * task.count) ?: ConditionValues.none()
                }
            model.conditionalLogLikelihoods(examples) { task.mask }
        }

    private fun context(
        saved: Saved,
        mask: PixelMask,
    ): String {
        val late = knownAfterMissing(saved, mask)
        return "${mask.missing()} of ${mask.height() * mask.width()} pixels are missing; " +
            when (late) {
                null -> {
                    "the small image's are drawn first, and see only those of it that are known"
                }

                0 -> {
                    "every known one is context for all of them"
                }

                else -> {
                    "$late known ones come after a missing one in the order of drawing, and are" +
                        " no context for it"
                }
            }
    }

    /** How many known pixels some missing one does not see, because it is drawn before them. */
    private fun knownAfterMissing(
        saved: Saved,
        mask: PixelMask,
    ): Int? {
        val definition = (saved as? Saved.One)?.model?.definition() ?: return null
        val order =
            options.order?.let {
                definition.completionOrder(
                    mask,
                    GenerationOrder.named(it, mask.height(), mask.width()),
                )
            } ?: definition.completionOrder(mask)
        return mask.knownAfterMissing(order)
    }

    private companion object {
        const val COLUMNS = 10
        const val MOST_COMPLETIONS = 10_000
        const val NANOS = 1e9
    }
}
