package io.weft.samples.serve

import io.ktor.http.ContentType
import io.ktor.http.withCharset

/** The files of the page, by their addresses; there are no others, and none from a disk. */
internal enum class Asset(
    val path: String,
    file: String,
    val type: ContentType,
) {
    PAGE("/", "index.html", ContentType.Text.Html.withCharset(Charsets.UTF_8)),
    STYLE("/page.css", "page.css", ContentType.Text.CSS.withCharset(Charsets.UTF_8)),
    MAIN("/page.js", "page.js", ContentType.Text.JavaScript.withCharset(Charsets.UTF_8)),
    STREAM("/stream.js", "stream.js", ContentType.Text.JavaScript.withCharset(Charsets.UTF_8)),
    GRID("/grid.js", "grid.js", ContentType.Text.JavaScript.withCharset(Charsets.UTF_8)),
    CHART("/chart.js", "chart.js", ContentType.Text.JavaScript.withCharset(Charsets.UTF_8)),
    ICON("/icon.svg", "icon.svg", ContentType.Image.SVG),
    ;

    val bytes: ByteArray =
        checkNotNull(Asset::class.java.getResourceAsStream("/serve/$file")) { "no /serve/$file" }
            .use { it.readBytes() }
}
