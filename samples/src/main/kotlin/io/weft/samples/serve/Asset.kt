package io.weft.samples.serve

/** A file of the page, by its address; there are no others, and none from a disk. */
internal class Asset private constructor(
    val path: String,
    val type: String,
    private val bytes: ByteArray,
) {
    fun answer(): Answer.Content = Answer.Content(type, bytes)

    companion object {
        private const val HTML = "text/html; charset=utf-8"

        /** What all pages have around what is theirs. */
        private val FRAME = read("frame.html").decodeToString()

        private fun read(file: String): ByteArray =
            checkNotNull(Asset::class.java.getResourceAsStream("/serve/$file")) {
                "no /serve/$file"
            }.use { it.readBytes() }

        private fun file(
            name: String,
            type: String,
        ) = Asset("/$name", type, read(name))

        private fun page(
            path: String,
            file: String,
            script: String,
            title: String,
        ): Asset {
            val main = read(file).decodeToString()
            val page =
                FRAME
                    .replace("{title}", title)
                    .replace("{script}", script)
                    .replace("{main}", main)
            return Asset(path, HTML, page.encodeToByteArray())
        }

        private val SCRIPTS =
            listOf("address", "anomalies", "chart", "chips", "colours", "complete", "compress") +
                listOf("dom", "draw", "drawing", "gallery", "grid", "header", "hole", "inspector") +
                listOf("keep", "labels", "layers", "marks", "moves", "packed", "paint", "palette") +
                listOf("past", "picture", "places", "run", "scales", "settings", "sizes", "speed") +
                listOf("stream", "strokes", "toolbar", "tools")

        /** All of them. */
        val entries: List<Asset> =
            listOf(
                page("/", "index.html", "draw", "watch a model draw"),
                page("/complete", "complete.html", "complete", "complete an image"),
                page("/compress", "compress.html", "compress", "compress images"),
                page("/scales", "scales.html", "scales", "two scales"),
                page("/anomalies", "anomalies.html", "anomalies", "find anomalies"),
                file("page.css", "text/css; charset=utf-8"),
                file("icon.svg", "image/svg+xml"),
            ) + SCRIPTS.map { file("$it.js", "text/javascript; charset=utf-8") }

        private val BY_PATH = entries.associateBy { it.path }

        fun at(path: String): Asset? = BY_PATH[path]
    }
}
