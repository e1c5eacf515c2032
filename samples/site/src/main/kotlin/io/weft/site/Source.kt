package io.weft.site

import org.jsoup.nodes.Element
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.readText

/** Returns a page that shows a file of the repository as it is. */
internal fun sourcePage(
    root: Path,
    file: String,
): Page {
    val body = Element("body")
    body.appendElement("h1").text(file.substringAfterLast('/'))
    val figure = body.appendElement("figure").addClass("code")
    figure.appendElement("figcaption").text(file)
    val block = figure.appendElement("pre").attr("tabindex", "0")
    val code = block.appendElement("code").addClass("language-${languageOf(file)}")
    code.text((root / file).readText())
    return Page(pathOf(file), file.substringAfterLast('/'), body)
}

private fun languageOf(file: String): String =
    when (file.substringAfterLast('.', "")) {
        "kt", "kts" -> "kotlin"
        "java" -> "java"
        "ipynb" -> "json"
        else -> "plaintext"
    }
