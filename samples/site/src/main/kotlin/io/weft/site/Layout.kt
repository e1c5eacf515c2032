package io.weft.site

import org.jsoup.Jsoup
import org.jsoup.nodes.Document
import org.jsoup.nodes.Element

/** A heading of the contents, with links below it. */
internal class Part(
    val title: String,
    val links: List<Link>,
    val fold: Fold = Fold.NONE,
)

/** Whether the links below a heading can be hidden, and are. */
internal enum class Fold { NONE, OPEN, CLOSED }

/** A page by the name that the contents give it. */
internal class Link(
    val title: String,
    val path: String,
)

/** Puts pages between what all have: a header with the search, contents, what is on the page. */
internal class Layout(
    private val version: String,
    private val order: List<Link>,
    private val contents: (Page) -> List<Part>,
) {
    fun lay(page: Page): Document {
        val document = Jsoup.parse(TEMPLATE)
        document.outputSettings().prettyPrint(false)
        document.title(if (page.title == "Weft") "Weft" else "${page.title} - Weft")
        for (name in listOf("href", "src")) {
            document.select("[$name]").filterNot { it.attr(name).startsWith("#") }.forEach {
                it.attr(name, relative(page.path, it.attr(name)))
            }
        }
        val root = relative(page.path, "index.html").removeSuffix("index.html")
        document.body().attr("data-root", root)
        document.part("version").text(version)
        document.part("content").appendChildren(page.body.childNodesCopy())
        fillContents(document, page)
        fillHeadings(document)
        fillNext(document, page)
        return document
    }

    private fun fillContents(
        document: Document,
        page: Page,
    ) {
        val list = document.part("contents")
        for (part in contents(page)) {
            val isFixed = part.fold == Fold.NONE
            val section = list.appendElement(if (isFixed) "section" else "details")
            if (part.fold == Fold.OPEN) section.attr("open", "")
            section.appendElement(if (isFixed) "h2" else "summary").text(part.title)
            val links = section.appendElement("ul")
            for (link in part.links) {
                val entry = links.appendElement("li").appendElement("a").text(link.title)
                entry.attr("href", relative(page.path, link.path))
                if (link.path == page.path) entry.attr("aria-current", "page")
            }
        }
    }

    /** Each heading links to itself; the second and third level are listed beside the page. */
    private fun fillHeadings(document: Document) {
        val list = document.part("headings")
        for (heading in document.part("content").select("h2, h3, h4")) {
            val id = heading.id().ifEmpty { heading.closest("section[id]")?.id() ?: continue }
            val text = heading.text()
            val anchor = heading.appendElement("a").addClass("anchor").text("#")
            anchor.attr("href", "#$id").attr("aria-label", "Link to: $text")
            // Overloads stand one after the other: the first leads to them all.
            val isListed = heading.tagName() != "h4" && heading.closest(".inherited-list") == null
            if (!isListed || list.lastElementChild()?.text() == text) continue
            val entry = list.appendElement("li").addClass(heading.tagName())
            entry.appendElement("a").attr("href", "#$id").text(text)
        }
        if (list.childrenSize() < 2) document.part("toc").remove()
    }

    private fun fillNext(
        document: Document,
        page: Page,
    ) {
        val at = order.indexOfFirst { it.path == page.path }
        val before = "previous" to order.getOrNull(at - 1)
        val after = "next" to order.getOrNull(at + 1)
        for ((id, link) in listOf(before, after)) {
            val element = document.part(id)
            if (at < 0 || link == null) {
                element.remove()
            } else {
                element.attr("href", relative(page.path, link.path))
                element.selectFirst("span")!!.text(link.title)
            }
        }
    }

    private fun Document.part(id: String): Element =
        checkNotNull(getElementById(id)) { "no #$id in page.html" }

    private companion object {
        val TEMPLATE = resource("page.html").decodeToString()
    }
}

/** Returns a file of the site's own resources. */
internal fun resource(name: String): ByteArray =
    checkNotNull(Layout::class.java.getResourceAsStream("/site/$name")) { "no /site/$name" }
        .use { it.readAllBytes() }
