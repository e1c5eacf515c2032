package io.weft.site

import org.jsoup.Jsoup
import org.jsoup.nodes.Document
import java.net.URLDecoder
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.extension
import kotlin.io.path.invariantSeparatorsPathString
import kotlin.io.path.isDirectory
import kotlin.io.path.readText
import kotlin.io.path.relativeTo
import kotlin.io.path.walk

/** What the pages of a folder link to. */
internal class Links(
    private val site: Path,
) {
    private val anchors = mutableMapOf<String, Set<String>>()
    private val found = mutableSetOf<String>()

    /** Each link that leads to no file, or no place in it: the page, and the address as written. */
    val broken: List<String>

    /** Addresses elsewhere; nobody asks whether they are there. */
    val external: Set<String> get() = found.toSortedSet()

    init {
        val pages = site.walk().filter { it.extension == "html" }.sorted().toList()
        val links =
            pages.associate { page ->
                val path = page.relativeTo(site).invariantSeparatorsPathString
                val document = Jsoup.parse(page.readText(), "")
                anchors[path] = anchorsOf(document)
                path to addresses(document)
            }
        broken =
            links.flatMap { (page, addresses) ->
                addresses.filterNot { leads(page, it) }.map { "$page: $it" }
            }
    }

    private fun addresses(document: Document): Set<String> =
        (
            document.select("a[href], link[href]").map { it.attr("href") } +
                document.select("img[src], script[src]").map { it.attr("src") }
        ).toSet()

    private fun anchorsOf(document: Document): Set<String> =
        (
            document.select("[id]").map { it.id() } +
                document.select("a[name]").map { it.attr("name") }
        ).toSet()

    private fun leads(
        page: String,
        address: String,
    ): Boolean {
        if (isExternal(address)) return found.add(address) || true
        val there = resolve(page, address)
        val path = URLDecoder.decode(there.substringBefore('#').replace("+", "%2B"), Charsets.UTF_8)
        val anchor = there.substringAfter('#', "")
        val file = site / path
        if (!file.exists() || file.isDirectory()) return false
        if (anchor.isEmpty() || file.extension != "html") return true
        val name = URLDecoder.decode(anchor.replace("+", "%2B"), Charsets.UTF_8)
        return anchors.getValue(path).let { name in it || anchor in it }
    }
}
