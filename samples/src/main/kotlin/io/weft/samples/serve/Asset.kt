package io.weft.samples.serve

/** The files of the page, by their addresses; there are no others, and none from a disk. */
internal enum class Asset(
    val path: String,
    file: String,
    val type: String,
) {
    PAGE("/", "index.html", "text/html; charset=utf-8"),
    STYLE("/page.css", "page.css", "text/css; charset=utf-8"),
    MAIN("/page.js", "page.js", JAVASCRIPT),
    DOM("/dom.js", "dom.js", JAVASCRIPT),
    FORM("/form.js", "form.js", JAVASCRIPT),
    DRAWING("/drawing.js", "drawing.js", JAVASCRIPT),
    STREAM("/stream.js", "stream.js", JAVASCRIPT),
    GRID("/grid.js", "grid.js", JAVASCRIPT),
    CUTTING("/cutting.js", "cutting.js", JAVASCRIPT),
    PICTURE("/picture.js", "picture.js", JAVASCRIPT),
    INSPECTOR("/inspector.js", "inspector.js", JAVASCRIPT),
    PALETTE("/palette.js", "palette.js", JAVASCRIPT),
    CHART("/chart.js", "chart.js", JAVASCRIPT),
    ICON("/icon.svg", "icon.svg", "image/svg+xml"),
    ;

    private val bytes: ByteArray =
        checkNotNull(Asset::class.java.getResourceAsStream("/serve/$file")) { "no /serve/$file" }
            .use { it.readBytes() }

    fun answer(): Answer.Content = Answer.Content(type, bytes)

    companion object {
        private val BY_PATH = entries.associateBy { it.path }

        fun at(path: String): Asset? = BY_PATH[path]
    }
}

private const val JAVASCRIPT = "text/javascript; charset=utf-8"
