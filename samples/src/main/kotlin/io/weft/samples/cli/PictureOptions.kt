package io.weft.samples.cli

import io.weft.data.Fit
import io.weft.spec.ImageSpec
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Option
import picocli.CommandLine.TypeConversionException

/** How pictures become images of one form. */
internal class PictureOptions {
    @Option(
        names = ["--fit"],
        arity = "0..1",
        fallbackValue = CENTRE,
        paramLabel = "HOW",
        description = [
            "How images are brought to the size: centre cuts the largest part of its proportions" +
                " out of the middle (what --fit alone means), random out of a random place; pad" +
                " keeps the whole picture on a ground; stretch keeps it and gives up proportions.",
        ],
    )
    var fit: String? = null

    @Option(
        names = ["--ground"],
        paramLabel = "RRGGBB|alpha",
        description = [
            "What shows where pictures are transparent, say ffffff for white; alpha keeps how" +
                " opaque a pixel is as one more channel (default: such pictures are refused).",
        ],
    )
    var ground: String? = null

    @Option(
        names = ["--values"],
        paramLabel = "full|exact|LOW..HIGH",
        converter = [ValuesConverter::class],
        description = [
            "What stored values mean: full, from 0 to the most that a file's bits can say; exact," +
                " levels (labels), of a palette its indices; or LOW is black and HIGH white, say" +
                " 0..1023 for 10 bits (default: full, but files that use few bits are refused).",
        ],
    )
    var values: Values? = null

    /** Whether there were pictures to be read. */
    private var areRead = false

    /** The options that were given, for messages. */
    val given: List<String>
        get() =
            listOfNotNull(
                fit?.let { "--fit=$it" },
                ground?.let { "--ground=$it" },
                values?.let { "--values=$it" },
            )

    /** Checks the options that need no files. */
    fun check(misuse: (String) -> Nothing) {
        try {
            fit?.let { Fit.named(it, 1, 1, 0) }
        } catch (e: IllegalArgumentException) {
            misuse("--fit=$fit: ${e.message}")
        }
        ground?.let { if (it != ALPHA) rgb(it) ?: misuse("--ground=$it; expected RRGGBB or alpha") }
    }

    /**
     * How images are read for a model: in its colours, and in its size if --fit is given.
     *
     * @param seed decides the places of --fit=random
     */
    fun reading(
        image: ImageSpec,
        seed: Long = 0,
    ): Reading {
        if (ground == ALPHA && !image.hasAlpha) {
            throw InputException(
                "--ground=alpha keeps a channel that the model has not, whose images have" +
                    " ${image.channels()}; give a colour, such as ffffff",
            )
        }
        if (ground != null && ground != ALPHA && image.hasAlpha) {
            throw InputException(
                "--ground=$ground: the model's images have ${image.channels()} channels, of which" +
                    " the last says how opaque a pixel is; leave it out",
            )
        }
        return Reading(
            fit = fit?.let { Fit.named(it, image.height(), image.width(), seed) },
            colours = if (image.channels() < RGB) Colours.GREY else Colours.RGB,
            transparency = if (image.hasAlpha) Transparency.Kept else transparency(),
            values = values,
            used = { areRead = true },
        )
    }

    /**
     * How images are read for a model that is made for them.
     *
     * @param size rows and columns, if they are brought to one
     * @param seed decides the places of --fit=random
     */
    fun reading(
        size: ImageSize?,
        colours: Colours?,
        seed: Long,
    ): Reading =
        Reading(
            fit = size?.let { Fit.named(fit ?: CENTRE, it.rows, it.columns, seed) },
            colours = colours,
            transparency = transparency(),
            values = values,
            used = { areRead = true },
        )

    /**
     * Refuses, when all data are read, options that mean nothing for them, as none are pictures.
     *
     * @param colours what --colours says
     */
    fun checkUsed(colours: Colours? = null) {
        val given =
            listOfNotNull(
                colours?.let { "--colours=$it" },
                ground?.let { "--ground=$it" },
                (values as? Values.Between)?.let { "--values=$it" },
            )
        if (!areRead && given.isNotEmpty()) {
            throw InputException(
                "${given.first()} is for pictures; these data are as they are: leave it out",
            )
        }
    }

    private fun transparency(): Transparency? =
        when (val said = ground) {
            null -> null
            ALPHA -> Transparency.Kept
            else -> rgb(said)?.let { Transparency.Ground(it) }
        }

    private val ImageSpec.hasAlpha: Boolean get() = channels() % 2 == 0

    private fun rgb(text: String): Int? =
        if (COLOUR.matches(text)) text.removePrefix("#").toInt(HEXADECIMAL) else null

    /** What stored values mean. */
    internal sealed interface Values {
        /** The whole range that a file's bits can say. */
        object Full : Values {
            override fun toString() = "full"
        }

        /** Levels. */
        object Exact : Values {
            override fun toString() = "exact"
        }

        /** [low] is black and [high] white. */
        class Between(
            val low: Int,
            val high: Int,
        ) : Values {
            override fun toString() = "$low..$high"
        }
    }

    internal class ValuesConverter : ITypeConverter<Values> {
        override fun convert(value: String): Values {
            val (low, high) = RANGE.matchEntire(value)?.destructured ?: return named(value)
            val range = low.toIntOrNull()?.let { l -> high.toIntOrNull()?.let { h -> l to h } }
            if (range == null || range.first >= range.second || range.second > MOST) {
                throw TypeConversionException("found '$value'; expected 0 to $MOST, LOW below HIGH")
            }
            return Values.Between(range.first, range.second)
        }

        private fun named(value: String): Values =
            when (value) {
                "full" -> Values.Full

                "exact" -> Values.Exact

                else -> throw TypeConversionException(
                    "found '$value'; expected full, exact, or a range such as 0..1023",
                )
            }

        private companion object {
            val RANGE = Regex("""([0-9]+)\.\.([0-9]+)""")
            const val MOST = 65_535
        }
    }

    private companion object {
        const val CENTRE = "centre"
        const val ALPHA = "alpha"
        const val RGB = 3
        const val HEXADECIMAL = 16
        val COLOUR = Regex("#?[0-9a-fA-F]{6}")
    }
}

/** Rows and columns. */
internal class ImageSize(
    val rows: Int,
    val columns: Int,
) {
    val isSquare: Boolean get() = rows == columns

    override fun toString() = if (isSquare) "$rows" else "${rows}x$columns"

    internal class Converter : ITypeConverter<ImageSize> {
        override fun convert(value: String): ImageSize {
            val (rows, columns) =
                FORM.matchEntire(value)?.destructured
                    ?: throw TypeConversionException("found '$value'; expected 32, or 24x32")
            val sides = listOf(rows, columns.ifEmpty { rows }).map { it.toIntOrNull() ?: 0 }
            if (sides.any { it !in 1..ImageSpec.MAX_SIDE }) {
                throw TypeConversionException("found '$value'; expected 1 to ${ImageSpec.MAX_SIDE}")
            }
            return ImageSize(sides[0], sides[1])
        }

        private companion object {
            val FORM = Regex("([0-9]+)(?:x([0-9]+))?")
        }
    }
}

/** Which colours pictures get. */
internal enum class Colours {
    GREY,
    RGB,
    ;

    override fun toString() = name.lowercase()
}
