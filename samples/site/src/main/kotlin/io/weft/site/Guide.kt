package io.weft.site

import org.jsoup.nodes.Element
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.isRegularFile
import kotlin.io.path.readText

/** A guide for the site: links lead to the site's pages, names in its code to those of the API. */
internal class Guide(
    private val root: Path,
    val entry: Entry,
    symbols: Symbols,
) {
    private val path = pathOf(entry.file)
    private val body = Markdown.read((root / entry.file).readText())

    /** Files of the repository, other than guides, that this one shows or links to. */
    val files: Set<String> =
        (
            body.select("a[href]").mapNotNull { lead(it, "href") } +
                body.select("img[src]").mapNotNull { lead(it, "src") }
        ).filterNot { file -> GUIDES.any { it.file == file } }
            .toSet()

    val page: Page = Page(path, entry.title, body)

    init {
        val language = if (entry.file.startsWith("dsl/")) Language.KOTLIN else Language.JAVA
        for (code in body.select("code")) {
            if (code.closest("pre, a, h1, h2, h3, h4, h5, h6") != null) continue
            val symbol = symbols.meant(code.text(), language) ?: continue
            val link = Element("a").addClass("api").attr("title", symbol.full)
            code.replaceWith(link.attr("href", relative(path, symbol.path)))
            link.appendChild(code)
        }
    }

    /** Makes an address lead to the page of the file that it names; returns the file. */
    private fun lead(
        link: Element,
        attribute: String,
    ): String? {
        val address = link.attr(attribute)
        if (isExternal(address) || address.startsWith("#")) return null
        val file = resolve(entry.file, address).substringBefore('#')
        // What is not there stays as it is, for the check of links to complain of.
        if (!(root / file).isRegularFile()) return null
        val anchor = address.removePrefix(address.substringBefore('#'))
        link.attr(attribute, relative(path, pathOf(file) + anchor))
        return file
    }
}
