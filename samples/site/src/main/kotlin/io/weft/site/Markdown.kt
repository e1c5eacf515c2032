package io.weft.site

import org.commonmark.ext.gfm.tables.TablesExtension
import org.commonmark.parser.Parser
import org.commonmark.renderer.html.HtmlRenderer
import org.jsoup.Jsoup
import org.jsoup.nodes.Comment
import org.jsoup.nodes.Element
import org.jsoup.nodes.TextNode

/** Markdown as GitHub shows it: tables, and headings that links reach by the same names. */
internal object Markdown {
    private val EXTENSIONS = listOf(TablesExtension.create())
    private val PARSER = Parser.builder().extensions(EXTENSIONS).build()
    private val RENDERER = HtmlRenderer.builder().extensions(EXTENSIONS).build()

    /** Returns the content of a page; each code block is a figure that says where it is from. */
    fun read(text: String): Element {
        val body = Jsoup.parseBodyFragment(RENDERER.render(PARSER.parse(text))).body()
        nameHeadings(body)
        body.select("pre").forEach(::frame)
        // Above names of rows stands nothing, which is no heading.
        body.select("th").filterNot { it.hasText() }.forEach { it.tagName("td") }
        body.select("table").forEach { it.wrap("<div class=table role=region tabindex=0></div>") }
        body.select("div.table").forEachIndexed { i, it -> it.attr("aria-label", "Table ${i + 1}") }
        body.select("p > img:only-child").forEach { it.parent()!!.addClass("picture") }
        return body
    }

    private fun nameHeadings(body: Element) {
        val seen = mutableMapOf<String, Int>()
        for (heading in body.select("h1, h2, h3, h4, h5, h6")) {
            val name = anchor(heading.text())
            val before = seen.merge(name, 1, Int::plus)!! - 1
            heading.id(if (before == 0) name else "$name-$before")
        }
    }

    private fun anchor(heading: String): String =
        heading
            .lowercase()
            .filter { it.isLetterOrDigit() || it in " -_" }
            .replace(' ', '-')

    private fun frame(block: Element) {
        val figure = Element("figure").addClass("code")
        val comment =
            generateSequence(block.previousSibling()) { it.previousSibling() }
                .firstOrNull { it !is TextNode || !it.isBlank }
        block.replaceWith(figure)
        if (comment is Comment) {
            figure.appendChild(origin(comment.data.trim()))
            comment.remove()
        } else {
            val language = block.selectFirst("code")!!.className().removePrefix("language-")
            figure.appendElement("figcaption").text(LANGUAGES[language] ?: "Text")
        }
        figure.appendChild(block.attr("tabindex", "0"))
    }

    /** The comment above a block names a file that tests run, or a command whose output it is. */
    private fun origin(comment: String): Element {
        val caption = Element("figcaption")
        if (comment.startsWith("output of ")) return caption.text(comment.replaceFirst('o', 'O'))
        val file = comment.substringBefore(' ')
        caption.appendElement("a").attr("href", "/$file").text(file.substringAfterLast('/'))
        return caption
    }

    private val LANGUAGES = mapOf("sh" to "Shell", "xml" to "XML")
}
