package io.weft.samples.cli

import io.weft.ImageModel
import io.weft.Model
import io.weft.data.Examples
import io.weft.engine.Engine
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.Size
import io.weft.score.EnsembleScores
import io.weft.score.Scorer
import io.weft.score.Scores
import io.weft.spark.Fleet
import io.weft.spark.FleetListener

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

/** Scores images, and shows how far that is. */
internal class Scoring private constructor(
    private val model: ImageModel,
    val orders: List<GenerationOrder>,
    private val part: (Fleet, Examples, FleetListener) -> Part,
    private val open: () -> Program,
) {
    /** The scores of some images under all orders together, and under each. */
    private class Part(
        val together: DoubleArray,
        val under: List<DoubleArray>,
    ) {
        constructor(scores: Scores) :
            this(scores.logLikelihoods(), listOf(scores.logLikelihoods()))

        constructor(scores: EnsembleScores) : this(
            scores.logLikelihoods(),
            scores.orders().indices.map { scores.under(it).logLikelihoods() },
        )
    }

    /** What scores, for as long as it is open. */
    private interface Program : AutoCloseable {
        /** Scores examples; [scored] hears how many more are done. */
        fun score(
            examples: Examples,
            scored: (Int) -> Unit,
        ): Part

        override fun close() {}
    }

    /** Scores some images at a time, so that there is progress. */
    private abstract class InChunks(
        private val orders: Int,
    ) : Program {
        abstract fun score(chunk: Examples): Part

        final override fun score(
            examples: Examples,
            scored: (Int) -> Unit,
        ): Part {
            val together = DoubleArray(examples.size())
            val under = List(orders) { DoubleArray(examples.size()) }
            for (from in together.indices step CHUNK) {
                val to = minOf(from + CHUNK, together.size)
                val part = score(examples.select(*(from until to).toList().toIntArray()))
                part.together.copyInto(together, from)
                under.zip(part.under).forEach { (all, own) -> own.copyInto(all, from) }
                scored(to - from)
            }
            return Part(together, under)
        }
    }

    /** Scores each of several sets of examples. */
    fun of(
        sets: Collection<Examples>,
        console: Console,
    ): List<OrderScores> =
        open().use { program ->
            console.progress("score", sets.sumOf { it.size().toLong() }).use { progress ->
                var done = 0L
                sets.map { set ->
                    score(program, set) { images ->
                        done += images
                        progress.at(done, "images")
                    }
                }
            }
        }

    private fun score(
        program: Program,
        examples: Examples,
        scored: (Int) -> Unit,
    ): OrderScores {
        val found = program.score(examples, scored)
        val dimensions = model.image().values()
        return OrderScores(
            found.under.map { AllScores(it, dimensions) },
            AllScores(found.together, dimensions),
        )
    }

    /** Has the workers of a cluster do the same. */
    fun on(fleet: Fleet) =
        Scoring(model, orders, part) {
            object : Program {
                override fun score(
                    examples: Examples,
                    scored: (Int) -> Unit,
                ): Part {
                    var before = 0L
                    return part(fleet, examples) { done, _ ->
                        val images = done / orders.size
                        scored((images - before).toInt())
                        before = images
                    }
                }
            }
        }

    companion object {
        private const val CHUNK = 256

        /**
         * Prepares to score with what was saved, under its own order or those of [options].
         *
         * @throws IllegalArgumentException if there is no such order, or it is none of the model
         */
        fun of(
            saved: Saved,
            options: OrderOptions,
        ): Scoring =
            when (saved) {
                is Saved.One -> of(saved.model, options.of(saved.model.definition()))
                is Saved.Pyramid -> of(saved.model, options.of(saved.model.definition()))
            }

        private fun of(
            model: Model,
            orders: List<GenerationOrder>,
        ) = Scoring(
            model,
            orders,
            { fleet, examples, heard ->
                Part(fleet.scoreEnsemble(model, examples, orders, heard))
            },
        ) {
            val scorer =
                Scorer(model.definition(), orders, { model.weights() }, Engine.on(model.device()))
            object : InChunks(orders.size) {
                override fun score(chunk: Examples) = Part(scorer.scoreAll(chunk))

                override fun close() = scorer.close()
            }
        }

        private fun of(
            model: MultiScaleModel,
            orders: Map<Size, GenerationOrder>,
        ): Scoring {
            val small = orders[Size.SMALL] ?: model.definition().small().order()
            val large = orders[Size.LARGE] ?: model.definition().large().order()
            return Scoring(
                model,
                listOf(large),
                { fleet, examples, heard ->
                    Part(fleet.score(model, examples, small, large, heard))
                },
            ) {
                object : InChunks(1) {
                    override fun score(chunk: Examples) = Part(model.score(chunk, small, large))
                }
            }
        }
    }
}
