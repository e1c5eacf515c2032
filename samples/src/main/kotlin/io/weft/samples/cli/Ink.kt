package io.weft.samples.cli

/** How a character shows two pixels, one above the other; a pixel that is not there is null. */
internal interface Ink {
    /** The escape sequence in front of the glyph, empty for none. */
    fun style(
        upper: Rgb?,
        lower: Rgb?,
    ): String

    /** The character itself. */
    fun glyph(
        upper: Rgb?,
        lower: Rgb?,
    ): Char

    /** What ends the styles of a line. */
    val reset: String

    companion object {
        /** The ink for what a terminal can show. */
        fun of(colours: Terminal.Colours): Ink =
            when (colours) {
                Terminal.Colours.NONE -> {
                    ShadeInk
                }

                Terminal.Colours.PALETTE -> {
                    HalfBlockInk(::paletteCode)
                }

                Terminal.Colours.TRUE_COLOUR -> {
                    HalfBlockInk {
                        "2;${it.red};${it.green};${it.blue}"
                    }
                }
            }

        private const val RAMP_FIRST = 232
        private const val RAMP_STEPS = 24
        private const val BLACK = 16
        private const val WHITE = 231
        private const val CUBE_SIDE = 6
        private const val MOST = 255

        /** The nearest of the 256 colours: a ramp of greys, and a cube with six steps a side. */
        private fun paletteCode(colour: Rgb): String {
            if (colour.isGrey) {
                val step = (colour.red * (RAMP_STEPS + 1) + MOST / 2) / MOST
                return "5;" +
                    when (step) {
                        0 -> BLACK
                        RAMP_STEPS + 1 -> WHITE
                        else -> RAMP_FIRST + step - 1
                    }
            }

            fun side(value: Int) = (value * (CUBE_SIDE - 1) + MOST / 2) / MOST
            val cube =
                (side(colour.red) * CUBE_SIDE + side(colour.green)) * CUBE_SIDE + side(colour.blue)
            return "5;${BLACK + cube}"
        }
    }
}

/** A colour; each part 0 to 255. */
internal data class Rgb(
    val red: Int,
    val green: Int,
    val blue: Int,
) {
    /** Whether it has no hue. */
    val isGrey: Boolean get() = red == green && green == blue

    /** How bright it looks, 0 to 255 (Rec. 601). */
    val luma: Int get() = (299 * red + 587 * green + 114 * blue) / 1000
}

/** The upper half of the character in one colour, the lower in another, by escape sequences. */
internal class HalfBlockInk(
    private val code: (Rgb) -> String,
) : Ink {
    override val reset = "\u001b[0m"

    override fun style(
        upper: Rgb?,
        lower: Rgb?,
    ): String =
        when {
            upper == null && lower == null -> reset
            upper == null -> "\u001b[0;38;${code(lower!!)}m"
            lower == null -> "\u001b[0;38;${code(upper)}m"
            else -> "\u001b[38;${code(upper)};48;${code(lower)}m"
        }

    override fun glyph(
        upper: Rgb?,
        lower: Rgb?,
    ): Char =
        when {
            upper != null -> '▀'
            lower != null -> '▄'
            else -> ' '
        }
}

/** Brightness as the density of a character, for logs and for terminals without colours. */
internal object ShadeInk : Ink {
    private const val SHADES = " .:-=+*#%@"
    private const val MOST = 255

    override val reset = ""

    override fun style(
        upper: Rgb?,
        lower: Rgb?,
    ): String = ""

    override fun glyph(
        upper: Rgb?,
        lower: Rgb?,
    ): Char {
        val lumas = listOfNotNull(upper, lower).map { it.luma }
        if (lumas.isEmpty()) {
            return ' '
        }
        return SHADES[(lumas.average() * (SHADES.length - 1) / MOST + 0.5).toInt()]
    }
}
