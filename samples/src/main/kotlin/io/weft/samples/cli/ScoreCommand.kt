package io.weft.samples.cli

import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.order.GenerationOrder
import io.weft.spark.Fleet
import io.weft.spark.FleetListener
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft score`: how likely a saved model finds images. */
@Command(
    name = "score",
    description = ["Measure how likely a saved model finds images."],
    footer = [
        "",
        "Examples:",
        "  weft score --model-dir digits --data embedded --json",
        "  weft score --model-dir digits --data embedded --device jvm",
        "  weft score --model-dir digits --data embedded --spark spark://host:7077",
    ],
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
        converter = [OutputFile::class],
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
        converter = [OutputFile::class],
        description = [
            "Write a sheet of the ${SuspectSheet.MOST} unlikeliest images: in --part=train, those" +
                " that may be mislabelled, badly cut, or of another kind.",
        ],
    )
    private var sheet: Path? = null

    @Mixin
    private lateinit var place: DeviceOption

    @Mixin
    private lateinit var spark: FleetOption

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        scored.check(::misuse)
        spark.check(mapOf(), ::misuse)
        if (sort && perImage == null) misuse("--sort is for --per-image")
        if (labels?.all == true && (sort || sheet != null)) {
            misuse("--sort and --sheet need one score of an image; leave --all-labels out")
        }
        return given.source.open(place.device).use { score(it, console, stop) }
    }

    private fun score(
        saved: Saved,
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val model = saved.model
        val images = scored.read(model.image(), console, ::misuse)
        val scoring = readingOptions { Scoring.of(saved, order) }
        val under = labels?.of(model.conditions(), images, ::misuse)
        if (labels?.all == true) classes(model.conditions())?.noteIfTakenInOrder(console, images)
        val sets =
            (
                under?.values ?: listOf(
                    ownExamples(model.conditions(), images, console, OTHERWISE),
                )
            ).toList()
        readingInput { sets.first().check(model.image(), model.conditions()) }
        val (scores, bound) =
            if (spark.isGiven) {
                spark.use(stop) { found(saved, scoring.on(it), sets, it, console) }
            } else {
                found(saved, scoring, sets, null, console)
            }
        return if (labels?.all == true) {
            val each = LabelScores(checkNotNull(classes(model.conditions())), images, scores)
            perImage?.let { each.write(it) }
            each.say(console)
            Outcome(each.json() + scored.json())
        } else {
            val only = scores.single()
            written(only.ensemble, images, console)
            say(only, scoring.orders, under?.keys?.single(), console)
            bound?.let { console.say("  (exact; at most $it, as the paper has it)") }
            Outcome(
                only.ensemble.json() +
                    bound?.json()?.mapKeys { "bound_${it.key}" }.orEmpty() +
                    ("images" to images.size()) +
                    scored.json() +
                    under?.keys?.associate { "label" to it }.orEmpty() +
                    if (order.isDefault) mapOf() else underEach(scoring.orders, only),
            )
        }
    }

    /** The scores of each set, and the bound that papers score a pyramid by where there is one. */
    private fun found(
        saved: Saved,
        scoring: Scoring,
        sets: List<Examples>,
        fleet: Fleet?,
        console: Console,
    ): Pair<List<OrderScores>, AllScores?> {
        val scores = scoring.of(sets, console)
        if (saved !is Saved.Pyramid || !order.isDefault || sets.size > 1) return scores to null
        val bound =
            fleet?.scoreBound(saved.model, sets.single(), FleetListener.none())
                ?: saved.model.scoreBound(sets.single())
        return scores to AllScores(bound.logLikelihoods(), saved.model.image().values())
    }

    private fun say(
        scores: OrderScores,
        orders: List<GenerationOrder>,
        label: String?,
        console: Console,
    ) {
        val under = label?.let { ", all under the class $it" }.orEmpty()
        console.say("${scores.ensemble}, over ${counted(scores.ensemble.images, "image")}$under")
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
    ) = Csv.write(file) { row ->
        row(listOf("image", "label", "log_likelihood", "bits_per_dim", "file"))
        for (i in order) {
            row(
                listOf(
                    "$i",
                    images.className(i),
                    format("%.4f", scores.logLikelihoods[i]),
                    format("%.6f", scores.bitsPerDimension(i)),
                    images.file(i).orElse(""),
                ),
            )
        }
    }

    private companion object {
        const val OTHERWISE = "name one with --label, or see each with --all-labels"
    }
}
