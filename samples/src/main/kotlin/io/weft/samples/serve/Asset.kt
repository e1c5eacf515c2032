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
            listOf("address", "chart", "chips", "colours", "complete", "dom", "draw", "drawing") +
                listOf("gallery", "grid", "header", "hole", "inspector", "keep", "labels") +
                listOf("layers", "marks", "moves", "packed", "palette", "picture", "places") +
                listOf("past", "run", "settings", "speed", "stream", "tools")

        /** All of them. */
        val entries: List<Asset> =
            listOf(
                Asset("/", "index.html", HTML),
                Asset("/complete", "complete.html", HTML),
                Asset("/page.css", "page.css", "text/css; charset=utf-8"),
                Asset("/icon.svg", "icon.svg", "image/svg+xml"),
            ) + SCRIPTS.map { Asset("/$it.js", "$it.js", "text/javascript; charset=utf-8") }

        private val BY_PATH = entries.associateBy { it.path }

        fun at(path: String): Asset? = BY_PATH[path]
    }
}
