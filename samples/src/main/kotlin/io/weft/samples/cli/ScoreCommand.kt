package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.order.GenerationOrder
import io.weft.score.Scores
import io.weft.spec.ImageSpec
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path
import kotlin.io.path.bufferedWriter

/** `weft score`: how likely a saved model finds images. */
@Command(
    name = "score",
    description = ["Measure how likely a saved model finds images."],
    footer = ["", "Example:", "  weft score --model-dir digits --data embedded --json"],
)
internal class ScoreCommand : WeftCommand() {
    /** Which images of data that have several parts. */
    internal enum class Part { TEST, TRAIN }

    @Mixin
    private lateinit var folder: ModelDirOption

    @Mixin
    private lateinit var data: DataOptions

    @Option(
        names = ["--part"],
        paramLabel = "PART",
        description = [
            "test or train, where the data have both (default test; data without parts are taken" +
                " whole).",
        ],
    )
    private var part = Part.TEST

    @Mixin
    private lateinit var binarise: BinariseOptions

    @Mixin
    private lateinit var order: OrderOptions

    @ArgGroup
    private var labels: ScoredLabels? = null

    @Option(
        names = ["--per-image"],
        paramLabel = "FILE.csv",
        description = [
            "Write each image's score: its number, label, log-likelihood, bits per dimension," +
                " and the file that it comes from.",
        ],
    )
    private var perImage: Path? = null

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        data.check(::misuse)
        binarise.check(::misuse)
        return Saved.load(folder.path).use {
            when (it) {
                is Saved.One -> score(it.model, console)
                is Saved.Pyramid -> score(it, console)
            }
        }
    }

    private fun score(
        saved: Saved.Pyramid,
        console: Console,
    ): Outcome {
        if (!order.isDefault || labels != null) {
            misuse("--order, --orders, --label and --all-labels are for a single model")
        }
        val images = images(saved.image, console)
        binarise.words?.let { console.note("images are $it") }
        val examples =
            readingInput {
                Examples
                    .suiting(
                        saved.conditions,
                        images,
                    ).also(saved.model.definition()::check)
            }
        val exact = all(saved, saved.model.score(examples))
        val bound = all(saved, saved.model.scoreBound(examples))
        perImage?.let { write(exact, images, it) }
        console.say("$exact, over ${images.size()} images")
        console.say("  (exact; at most $bound, as the paper has it)")
        val boundJson = bound.json().mapKeys { "bound_${it.key}" }
        return Outcome(exact.json() + boundJson + ("images" to images.size()) + drawn())
    }

    private fun all(
        saved: Saved.Pyramid,
        scores: Scores,
    ) = AllScores(scores.logLikelihoods(), saved.image.values())

    private fun score(
        model: Model,
        console: Console,
    ): Outcome {
        val definition = model.definition()
        val images = images(definition.image(), console)
        binarise.words?.let { console.note("images are $it") }
        val scoring = Scoring(model, orders(model))
        val under = labels?.of(definition, images, ::misuse)
        val sets = (under?.values ?: listOf(own(definition, images, console))).toList()
        readingInput { sets.first().check(definition.image(), definition.conditions()) }
        val scores = scoring.of(sets, console)
        return if (labels?.all == true) {
            val each = LabelScores(checkNotNull(classes(definition)), images, scores)
            perImage?.let { each.write(it) }
            each.say(console)
            Outcome(each.json() + drawn())
        } else {
            val only = scores.single()
            perImage?.let { write(only.ensemble, images, it) }
            say(only, scoring.orders, under?.keys?.single(), console)
            Outcome(
                only.ensemble.json() +
                    ("images" to images.size()) +
                    drawn() +
                    under?.keys?.associate { "label" to it }.orEmpty() +
                    if (order.isDefault) mapOf() else underEach(scoring.orders, only),
            )
        }
    }

    private fun own(
        definition: Definition,
        images: ImageSet,
        console: Console,
    ): Examples {
        classes(definition)?.let {
            it.noteIfTakenInOrder(console, images)
            if (!images.hasLabels()) {
                throw InputException(
                    "the model needs the class of each image, and the data have no labels; name" +
                        " one with --label, or see each with --all-labels",
                )
            }
        }
        return readingInput { Examples.suiting(definition.conditions(), images) }
    }

    private fun say(
        scores: OrderScores,
        orders: List<GenerationOrder>,
        label: String?,
        console: Console,
    ) {
        val under = label?.let { ", all under the class $it" }.orEmpty()
        console.say("${scores.ensemble}, over ${scores.ensemble.images} images$under")
        if (orders.size > 1) {
            orders.zip(scores.under).forEach { (order, one) ->
                console.say(format("  under %s: %.2f nats", order, one.meanNats()))
            }
            console.say("  (together: the log of the mean of an image's likelihoods in all orders)")
        }
    }

    private fun underEach(
        orders: List<GenerationOrder>,
        each: OrderScores,
    ): Map<String, Any?> =
        linkedMapOf(
            "orders" to orders.map { it.name().orElse("permutation") },
            "nats_per_image_under_each" to each.under.map { it.meanNats() },
        )

    private fun orders(model: Model): List<GenerationOrder> {
        val definition = model.definition()
        val image = definition.image()
        return readingOptions {
            val orders = order.of(image.height(), image.width(), definition.order())
            orders.filter { it !in definition.orders() }.forEach { definition.under(it) }
            orders
        }
    }

    private fun images(
        image: ImageSpec,
        console: Console,
    ): ImageSet {
        val source =
            DataSource(data.data, image.width(), data.pictures.reading(image), console::note)
        binarise.checkLevels(image.levels(), "the model is for ${image.levels()}", ::misuse)
        val levels = binarise.levelsOfReading(image.levels())
        val images =
            when (part) {
                Part.TEST -> source.test(data.limit, levels) ?: source.train(data.limit, levels)
                Part.TRAIN -> source.train(data.limit, levels)
            }
        return binarise.binarisation?.let { readingInput { images.binarised(it) } } ?: images
    }

    private fun drawn(): Map<String, Any?> =
        binarise.words?.let { mapOf("images_are" to it) }.orEmpty()

    private fun write(
        scores: AllScores,
        images: ImageSet,
        file: Path,
    ) = file.bufferedWriter().use { out ->
        out.write(csvRow(listOf("image", "label", "log_likelihood", "bits_per_dim", "file")))
        for (i in 0 until scores.images) {
            out.write(
                csvRow(
                    listOf(
                        "$i",
                        images.className(i),
                        format("%.4f", scores.logLikelihoods[i]),
                        format("%.6f", scores.bitsPerDimension(i)),
                        images.file(i).orElse(""),
                    ),
                ),
            )
        }
    }
}
