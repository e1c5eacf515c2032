package io.weft.samples.serve

/** A file of the page, by its address; there are no others, and none from a disk. */
internal class Asset private constructor(
    val path: String,
    file: String,
    val type: String,
) {
    private val bytes: ByteArray =
        checkNotNull(Asset::class.java.getResourceAsStream("/serve/$file")) { "no /serve/$file" }
            .use { it.readBytes() }

    fun answer(): Answer.Content = Answer.Content(type, bytes)

    companion object {
        private const val HTML = "text/html; charset=utf-8"

        private val SCRIPTS =
            listOf("address", "anomalies", "chart", "chips", "colours", "complete", "compress") +
                listOf("dom", "draw", "drawing", "gallery", "grid", "header", "hole", "inspector") +
                listOf("keep", "labels", "layers", "marks", "moves", "packed", "paint", "palette") +
                listOf("past", "picture", "places", "run", "scales", "settings", "sizes", "speed") +
                listOf("stream", "strokes", "toolbar", "tools")

        /** All of them. */
        val entries: List<Asset> =
            listOf(
                Asset("/", "index.html", HTML),
                Asset("/complete", "complete.html", HTML),
                Asset("/compress", "compress.html", HTML),
                Asset("/scales", "scales.html", HTML),
                Asset("/anomalies", "anomalies.html", HTML),
                Asset("/page.css", "page.css", "text/css; charset=utf-8"),
                Asset("/icon.svg", "icon.svg", "image/svg+xml"),
            ) + SCRIPTS.map { Asset("/$it.js", "$it.js", "text/javascript; charset=utf-8") }

        private val BY_PATH = entries.associateBy { it.path }

        fun at(path: String): Asset? = BY_PATH[path]
    }
}
