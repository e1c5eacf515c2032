package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.engine.Engine
import io.weft.order.GenerationOrder
import io.weft.score.Scorer

/** The log-likelihoods of all images, and the costs that people speak of. */
internal class AllScores(
    val logLikelihoods: DoubleArray,
    private val dimensions: Int,
) {
    val images: Int get() = logLikelihoods.size

    fun meanNats(): Double = -logLikelihoods.average()

    fun bitsPerDimension(): Double = meanNats() / Math.log(2.0) / dimensions

    fun bitsPerDimension(image: Int): Double = -logLikelihoods[image] / Math.log(2.0) / dimensions

    /** The means in words. */
    override fun toString(): String =
        format("%.4f bits per dimension, %.2f nats an image", bitsPerDimension(), meanNats())

    /** The means as fields of JSON. */
    fun json(): Map<String, Any?> =
        linkedMapOf("bits_per_dim" to bitsPerDimension(), "nats_per_image" to meanNats())
}

/** The scores under each order, and under all of them together. */
internal class OrderScores(
    val under: List<AllScores>,
    val ensemble: AllScores,
)

/** Scores with a model under some orders, some images at a time, so that there is progress. */
internal class Scoring(
    val model: Model,
    val orders: List<GenerationOrder>,
) {
    /** Scores each of several sets of examples. */
    fun of(
        sets: Collection<Examples>,
        console: Console,
    ): List<OrderScores> =
        Scorer(
            model.definition(),
            orders,
            { model.weights() },
            Engine.on(model.device()),
        ).use { scorer ->
            console.progress("score", sets.sumOf { it.size().toLong() }).use { progress ->
                var done = 0L
                sets.map { set ->
                    score(scorer, set) { images ->
                        done += images
                        progress.at(done, "images")
                    }
                }
            }
        }

    private fun score(
        scorer: Scorer,
        examples: Examples,
        scored: (Int) -> Unit,
    ): OrderScores {
        val together = DoubleArray(examples.size())
        val under = orders.map { DoubleArray(examples.size()) }
        for (from in together.indices step CHUNK) {
            val to = minOf(from + CHUNK, together.size)
            val part = examples.images().slice(from, to)
            val scores =
                scorer.scoreAll(Examples.conditioned(part) { examples.conditions(from + it) })
            scores.logLikelihoods().copyInto(together, from)
            under.forEachIndexed { o, own ->
                scores.under(o).logLikelihoods().copyInto(own, from)
            }
            scored(to - from)
        }
        val dimensions = model.definition().image().values()
        return OrderScores(under.map { AllScores(it, dimensions) }, AllScores(together, dimensions))
    }

    private companion object {
        const val CHUNK = 256
    }
}
