package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.order.GenerationOrder
import io.weft.score.Scorer
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
    private lateinit var order: OrderOptions

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
        return SavedModels.load(folder.path).use { model ->
            val images = images(model, console)
            val examples =
                readingInput {
                    val all = Examples.suiting(model.definition().conditions(), images)
                    all.check(model.definition().image(), model.definition().conditions())
                    all
                }
            val orders = orders(model)
            val each = score(console, model, examples, orders)
            val scores = each.ensemble
            perImage?.let { write(scores, images, it) }
            console.say(
                format(
                    "%.4f bits per dimension, %.2f nats an image, over %d images",
                    scores.bitsPerDimension(),
                    scores.meanNats(),
                    scores.images,
                ),
            )
            if (orders.size > 1) {
                orders.zip(each.under).forEach { (order, one) ->
                    console.say(format("  under %s: %.2f nats", order, one.meanNats()))
                }
                console.say(
                    "  (together: the log of the mean of an image's likelihoods in all orders)",
                )
            }
            Outcome(
                linkedMapOf(
                    "bits_per_dim" to scores.bitsPerDimension(),
                    "nats_per_image" to scores.meanNats(),
                    "images" to scores.images,
                ) + if (order.isDefault) mapOf() else underEach(orders, each),
            )
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
        model: Model,
        console: Console,
    ): ImageSet {
        val image = model.definition().image()
        val source =
            DataSource(data.data, image.width(), data.pictures.reading(image), console::note)
        return when (part) {
            Part.TEST -> {
                source.test(data.limit, image.levels())
                    ?: source.train(data.limit, image.levels())
            }

            Part.TRAIN -> {
                source.train(data.limit, image.levels())
            }
        }
    }

    /** The log-likelihoods of all images, and the costs that people speak of. */
    private class AllScores(
        val logLikelihoods: DoubleArray,
        private val dimensions: Int,
    ) {
        val images: Int get() = logLikelihoods.size

        fun meanNats(): Double = -logLikelihoods.average()

        fun bitsPerDimension(): Double = meanNats() / Math.log(2.0) / dimensions

        fun bitsPerDimension(image: Int): Double =
            -logLikelihoods[image] / Math.log(2.0) / dimensions
    }

    /** The scores under each order, and under all of them together. */
    private class OrderScores(
        val under: List<AllScores>,
        val ensemble: AllScores,
    )

    /** Scores some images at a time, so that there is progress to show. */
    private fun score(
        console: Console,
        model: Model,
        examples: Examples,
        orders: List<GenerationOrder>,
    ): OrderScores {
        val together = DoubleArray(examples.size())
        val under = orders.map { DoubleArray(examples.size()) }
        val scorer = Scorer(model.definition(), orders, { model.weights() }, model.device())
        scorer.use {
            console.progress("score", examples.size().toLong()).use { progress ->
                for (from in together.indices step CHUNK) {
                    val to = minOf(from + CHUNK, together.size)
                    val part = examples.images().slice(from, to)
                    val scores =
                        it.scoreAll(
                            Examples.conditioned(part) { i -> examples.conditions(from + i) },
                        )
                    scores.logLikelihoods().copyInto(together, from)
                    under.forEachIndexed { o, own ->
                        scores.under(o).logLikelihoods().copyInto(own, from)
                    }
                    progress.at(to.toLong(), "images")
                }
            }
        }
        val dimensions = model.definition().image().values()
        return OrderScores(under.map { AllScores(it, dimensions) }, AllScores(together, dimensions))
    }

    private fun write(
        scores: AllScores,
        images: ImageSet,
        file: Path,
    ) = file.bufferedWriter().use { out ->
        out.write("image,label,log_likelihood,bits_per_dim,file\n")
        for (i in 0 until scores.images) {
            val label = if (images.hasLabels()) "${images.label(i)}" else ""
            out.write(
                format(
                    "%d,%s,%.4f,%.6f,%s\n",
                    i,
                    label,
                    scores.logLikelihoods[i],
                    scores.bitsPerDimension(i),
                    quoted(images.file(i).orElse("")),
                ),
            )
        }
    }

    /** A field of CSV (RFC 4180). */
    private fun quoted(text: String): String =
        if (text.any { it in ",\"\r\n" }) "\"${text.replace("\"", "\"\"")}\"" else text

    private companion object {
        const val CHUNK = 256
    }
}
