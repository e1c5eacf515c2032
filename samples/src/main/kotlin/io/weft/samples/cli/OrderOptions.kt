package io.weft.samples.cli

import io.weft.define.Definition
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScale
import io.weft.pyramid.Size
import picocli.CommandLine.Option

/** In which orders the pixels of images are generated. */
internal class OrderOptions {
    @Option(
        names = ["--order"],
        paramLabel = "NAME",
        description = [
            "Generate pixels in this order: raster, s-curve, hilbert or random:SEED, with any of" +
                " +flip-rows, +flip-columns, +rotate180, +transpose after it (default: the" +
                " model's own; of a new model raster).",
        ],
    )
    var order: String? = null

    @Option(
        names = ["--orders"],
        paramLabel = "N|NAMES",
        description = [
            "Several orders: 8 for those that flips and the transpose make of --order, or names" +
                " with commas between (default: one).",
        ],
    )
    var orders: String? = null

    /** Whether nothing was said. */
    val isDefault: Boolean get() = order == null && orders == null

    /**
     * The orders for images of a size, the first being --order or else [own].
     *
     * @throws IllegalArgumentException if there is no order of a name
     */
    fun of(
        height: Int,
        width: Int,
        own: GenerationOrder = GenerationOrder.raster(height, width),
    ): List<GenerationOrder> {
        val base = order?.let { GenerationOrder.named(it, height, width) }
        val several = orders ?: return listOf(base ?: own)
        return when (several.toIntOrNull()) {
            null -> {
                val named = several.split(",").map { GenerationOrder.named(it, height, width) }
                (listOfNotNull(base) + named).distinct()
            }

            1 -> {
                listOf(base ?: own)
            }

            EIGHT -> {
                GenerationOrder.eight(base ?: own)
            }

            else -> {
                throw IllegalArgumentException(
                    "--orders=$several; expected 1, 8, or names of orders with commas between",
                )
            }
        }
    }

    /**
     * The orders that a model is scored under.
     *
     * @throws IllegalArgumentException if there is no order of a name, or the model is not causal
     *   under one
     */
    fun of(definition: Definition): List<GenerationOrder> {
        val image = definition.image()
        return of(image.height(), image.width(), definition.order()).onEach {
            if (it !in definition.orders()) definition.under(it)
        }
    }

    /**
     * The orders of both images that a pyramid is scored under; empty for its own.
     *
     * @throws IllegalArgumentException if there is no order of the name, or several are asked for
     */
    fun of(pyramid: MultiScale): Map<Size, GenerationOrder> {
        require(orders == null) {
            "--orders=$orders is for a single model; a multi-scale one takes --order"
        }
        return order?.let { named(it, pyramid) }.orEmpty()
    }

    companion object {
        private const val EIGHT = 8

        /** The order of a name, of each image of a pyramid. */
        fun named(
            name: String,
            pyramid: MultiScale,
        ): Map<Size, GenerationOrder> =
            pyramid.definitions().mapValues {
                val image = it.value.image()
                GenerationOrder.named(name, image.height(), image.width())
            }
    }
}
