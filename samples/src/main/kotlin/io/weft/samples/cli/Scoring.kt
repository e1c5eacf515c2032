package io.weft.samples.cli

import io.weft.ImageModel
import io.weft.Model
import io.weft.data.Examples
import io.weft.engine.Engine
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.Size
import io.weft.score.Scorer
import io.weft.spark.Fleet

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
    private val open: () -> Program,
) {
    /** The scores of some images under all orders together, and under each. */
    private class Part(
        val together: DoubleArray,
        val under: List<DoubleArray>,
    )

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

    /** Has the workers of a cluster score with [single], this model, under its own order. */
    fun on(
        fleet: Fleet,
        single: Model,
    ) = Scoring(single, orders) {
        object : Program {
            override fun score(
                examples: Examples,
                scored: (Int) -> Unit,
            ): Part {
                var before = 0L
                val scores =
                    fleet.score(single, examples) { done, _ ->
                        scored((done - before).toInt())
                        before = done
                    }
                return scores.logLikelihoods().let { Part(it, listOf(it)) }
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
        ) = Scoring(model, orders) {
            val scorer =
                Scorer(model.definition(), orders, { model.weights() }, Engine.on(model.device()))
            object : InChunks(orders.size) {
                override fun score(chunk: Examples): Part {
                    val scores = scorer.scoreAll(chunk)
                    return Part(
                        scores.logLikelihoods(),
                        orders.indices.map { scores.under(it).logLikelihoods() },
                    )
                }

                override fun close() = scorer.close()
            }
        }

        private fun of(
            model: MultiScaleModel,
            orders: Map<Size, GenerationOrder>,
        ): Scoring {
            val small = orders[Size.SMALL] ?: model.definition().small().order()
            val large = orders[Size.LARGE] ?: model.definition().large().order()
            return Scoring(model, listOf(large)) {
                object : InChunks(1) {
                    override fun score(chunk: Examples): Part {
                        val scores = model.score(chunk, small, large).logLikelihoods()
                        return Part(scores, listOf(scores))
                    }
                }
            }
        }
    }
}
