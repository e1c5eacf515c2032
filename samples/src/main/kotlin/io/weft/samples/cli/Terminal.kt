package io.weft.samples.cli

/**
 * What is known of one of the standard streams. Java cannot tell where a stream ends up, so the
 * script `bin/weft` says it in the system properties `weft.terminal`, `weft.lines` and
 * `weft.columns`; without them (Windows) both streams are taken for a terminal where Java has a
 * console.
 *
 * @property isThere whether it is a terminal
 * @property lines how many are seen at a time
 * @property columns characters in a line
 * @property colours what colours it can show
 */
internal class Terminal(
    val isThere: Boolean,
    val lines: Int,
    val columns: Int,
    val colours: Colours,
) {
    /** The colours of a terminal. */
    enum class Colours { NONE, PALETTE, TRUE_COLOUR }

    internal companion object {
        private const val USUAL_LINES = 24
        private const val USUAL_COLUMNS = 80

        /** Standard output. */
        fun output(): Terminal = of("out")

        /** Standard error. */
        fun error(): Terminal = of("err")

        private fun of(stream: String): Terminal {
            val told = System.getProperty("weft.terminal")
            val isThere = told?.split(',')?.contains(stream) ?: (System.console() != null)
            return Terminal(
                isThere,
                System.getProperty("weft.lines")?.toIntOrNull() ?: USUAL_LINES,
                System.getProperty("weft.columns")?.toIntOrNull() ?: USUAL_COLUMNS,
                if (isThere) colours(System.getenv()) else Colours.NONE,
            )
        }

        /** Reads the colours from the environment, by the customs of terminals. */
        fun colours(environment: Map<String, String>): Colours =
            when {
                !environment["NO_COLOR"].isNullOrEmpty() -> Colours.NONE
                environment["TERM"] == "dumb" -> Colours.NONE
                environment["COLORTERM"] in setOf("truecolor", "24bit") -> Colours.TRUE_COLOUR
                "WT_SESSION" in environment -> Colours.TRUE_COLOUR
                environment["TERM"].isNullOrEmpty() -> Colours.NONE
                else -> Colours.PALETTE
            }
    }
}
