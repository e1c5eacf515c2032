package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.order.GenerationOrder
import io.weft.score.Scores
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
    @Mixin
    private lateinit var given: ModelDirOption

    @Mixin
    private lateinit var scored: ScoredImages

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

    @Option(
        names = ["--sort"],
        description = ["Write --per-image with the unlikeliest image first."],
    )
    private var sort = false

    @Option(
        names = ["--sheet"],
        paramLabel = "FILE.png",
        description = [
            "Write a sheet of the ${SuspectSheet.MOST} unlikeliest images: in --part=train, those" +
                " that may be mislabelled, badly cut, or of another kind.",
        ],
    )
    private var sheet: Path? = null

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        scored.check(::misuse)
        if (sort && perImage == null) misuse("--sort is for --per-image")
        if (labels?.all == true && (sort || sheet != null)) {
            misuse("--sort and --sheet need one score of an image; leave --all-labels out")
        }
        return given.source.open().use {
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
        val images = scored.read(saved.image, console, ::misuse)
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
        written(exact, images, console)
        console.say("$exact, over ${images.size()} images")
        console.say("  (exact; at most $bound, as the paper has it)")
        val boundJson = bound.json().mapKeys { "bound_${it.key}" }
        return Outcome(exact.json() + boundJson + ("images" to images.size()) + scored.json())
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
        val images = scored.read(definition.image(), console, ::misuse)
        val scoring = Scoring(model, readingOptions { order.of(definition) })
        val under = labels?.of(definition, images, ::misuse)
        val sets =
            (
                under?.values ?: listOf(
                    ownExamples(definition.conditions(), images, console, OTHERWISE),
                )
            ).toList()
        readingInput { sets.first().check(definition.image(), definition.conditions()) }
        val scores = scoring.of(sets, console)
        return if (labels?.all == true) {
            val each = LabelScores(checkNotNull(classes(definition)), images, scores)
            perImage?.let { each.write(it) }
            each.say(console)
            Outcome(each.json() + scored.json())
        } else {
            val only = scores.single()
            written(only.ensemble, images, console)
            say(only, scoring.orders, under?.keys?.single(), console)
            Outcome(
                only.ensemble.json() +
                    ("images" to images.size()) +
                    scored.json() +
                    under?.keys?.associate { "label" to it }.orEmpty() +
                    if (order.isDefault) mapOf() else underEach(scoring.orders, only),
            )
        }
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

    private fun written(
        scores: AllScores,
        images: ImageSet,
        console: Console,
    ) {
        val unlikeliest = (0 until scores.images).sortedBy { scores.logLikelihoods[it] }
        perImage?.let {
            write(scores, images, if (sort) unlikeliest else unlikeliest.sorted(), it)
        }
        sheet?.let { SuspectSheet.write(images, unlikeliest, it, console, images::className) }
    }

    private fun write(
        scores: AllScores,
        images: ImageSet,
        order: List<Int>,
        file: Path,
    ) = file.bufferedWriter().use { out ->
        out.write(csvRow(listOf("image", "label", "log_likelihood", "bits_per_dim", "file")))
        for (i in order) {
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

    private companion object {
        const val OTHERWISE = "name one with --label, or see each with --all-labels"
    }
}
