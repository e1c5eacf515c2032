package io.weft.samples.serve

import io.weft.Model
import io.weft.complete.KnownPixels
import io.weft.complete.PixelMask
import io.weft.define.Definition
import io.weft.dsl.sample
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.Scale
import io.weft.sample.Pixel
import io.weft.spec.Condition
import io.weft.spec.ConditionValues
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map

/** What is to be drawn. */
internal class Wanted(
    val count: Int,
    val seed: Long,
    val temperature: Double,
    val conditions: (Long) -> ConditionValues,
    val known: KnownPixels?,
)

/** What draws the images of the page: a single model, or two as one. */
internal interface Painter {
    /** What the page tells of: of two models the one that draws the images that it shows. */
    val definition: Definition

    val name: String
    val parameters: Long

    /** The model where it is a single one, which can code images and score them; or null. */
    val single: Model?

    /** How the small image lies in the one that is shown, where two models draw; or null. */
    val scale: Scale?

    /** What images are conditioned on. */
    val conditions: List<Condition>

    /** The pixels in their places in the image that the page shows, each missing one once. */
    fun pixels(wanted: Wanted): Flow<Pixel>

    /** The distributions that a pixel of the only image of [wanted] is drawn from. */
    fun probabilities(
        wanted: Wanted,
        levels: IntArray,
        row: Int,
        column: Int,
    ): Array<DoubleArray>

    /** Which pixels come before all others, where some are known, or where none is. */
    fun first(mask: PixelMask?): PixelMask?

    /** All pixels in the order in which those that are not known are drawn. */
    fun order(mask: PixelMask?): List<Int>

    companion object {
        fun of(model: Model): Painter = ModelPainter(model)

        fun of(model: MultiScaleModel): Painter = PyramidPainter(model)
    }
}

private class ModelPainter(
    override val single: Model,
) : Painter {
    private val model = single
    override val scale: Scale? = null
    override val definition: Definition = model.definition()
    override val name: String = definition.name()
    override val parameters: Long = definition.parameterCount()
    override val conditions: List<Condition> = definition.conditions()

    override fun pixels(wanted: Wanted): Flow<Pixel> =
        model.sample(wanted.count, wanted.seed) {
            temperature = wanted.temperature
            batch = wanted.count
            conditions(wanted.conditions)
            wanted.known?.let { complete(it) }
        }

    override fun probabilities(
        wanted: Wanted,
        levels: IntArray,
        row: Int,
        column: Int,
    ): Array<DoubleArray> {
        val plain =
            model.sampler(wanted.seed).temperature(wanted.temperature).conditions(wanted.conditions)
        return (
            wanted.known?.let {
                plain.complete(
                    it,
                )
            } ?: plain
        ).probabilities(levels, row, column)
    }

    override fun first(mask: PixelMask?) = mask

    override fun order(mask: PixelMask?): List<Int> =
        (mask?.let(definition::completionOrder) ?: definition.order()).positions().toList()
}

private class PyramidPainter(
    private val model: MultiScaleModel,
) : Painter {
    override val single: Model? = null
    override val scale: Scale = model.definition().scale()
    override val definition: Definition = model.large().definition()
    override val name: String =
        "${model.small().definition().name()}, then ${definition.name()}"
    override val parameters: Long = model.definition().parameterCount()
    override val conditions: List<Condition> = model.definition().conditions()

    override fun pixels(wanted: Wanted): Flow<Pixel> =
        model
            .sample(wanted.count, wanted.seed) {
                temperature = wanted.temperature
                batch = wanted.count
                conditions(wanted.conditions)
                wanted.known?.let { complete(it) }
            }.map { scale.inLarge(it) }

    override fun probabilities(
        wanted: Wanted,
        levels: IntArray,
        row: Int,
        column: Int,
    ): Array<DoubleArray> {
        val plain =
            model.sampler(wanted.seed).temperature(wanted.temperature).conditions(wanted.conditions)
        return (
            wanted.known?.let {
                plain.complete(
                    it,
                )
            } ?: plain
        ).probabilities(levels, row, column)
    }

    override fun first(mask: PixelMask?): PixelMask =
        PixelMask.of(definition.image().height(), definition.image().width()) { row, column ->
            scale.isSmall(row, column) || mask?.isKnown(row, column) == true
        }

    /** The small image's, then the large one's. */
    override fun order(mask: PixelMask?): List<Int> {
        val width = definition.image().width()
        val small =
            model.small().definition().order().positions().map {
                val across = model.small().definition().image().width()
                it / across * scale.factor() * width + it % across * scale.factor()
            }
        return small +
            (definition.completionOrder(first(mask)).positions().toList() - small.toSet())
    }
}
