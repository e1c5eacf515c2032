package io.weft.site

import com.fasterxml.jackson.databind.ObjectMapper
import org.jsoup.Jsoup
import org.jsoup.nodes.Element
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.extension
import kotlin.io.path.invariantSeparatorsPathString
import kotlin.io.path.readText
import kotlin.io.path.relativeTo
import kotlin.io.path.walk

/**
 * The KDoc of the Kotlin modules, as Dokka wrote it into a folder. Types of Java's modules, of which
 * Dokka knows no page, become links to their Javadoc.
 */
internal class KotlinApi(
    folder: Path,
    java: List<Symbol>,
) {
    private val types = java.filter { it.isType }.associateBy { it.full }
    private val members = java.filterNot { it.isType }.groupBy { "${it.owner}.${it.simple}" }

    private val contents: Map<String, Element> =
        folder
            .walk()
            .filter { it.extension == "html" && it.fileName.toString() != "navigation.html" }
            .sorted()
            .associate { file ->
                val path = "kotlin/${file.relativeTo(folder).invariantSeparatorsPathString}"
                path to checkNotNull(Jsoup.parse(file.readText()).getElementById("content"))
            }

    val symbols: List<Symbol> =
        ObjectMapper()
            .readTree((folder / "scripts/pages.json").toFile())
            .map { entry ->
                val signature = entry["name"].asText()
                val full = entry["description"].asText()
                val path = "kotlin/${entry["location"].asText()}"
                val content = contents[path.substringBefore('#')]
                val text = firstSentence(content?.selectFirst("p.paragraph"))
                val name = full.substringAfterLast('.')
                val isType = TYPES.any { it in signature.substringBefore(name).split(' ') }
                Symbol(Language.KOTLIN, full.substringBeforeLast('.'), name, isType, path, text)
            }.distinctBy { it.path }

    val pages: List<Page> =
        contents.map { (path, content) ->
            clean(path, content)
            title(path, content)
            Page(path, content.selectFirst("h1")?.text() ?: TITLE, content)
        }

    /** Packages are called by their names, and the whole by its own. */
    private fun title(
        path: String,
        content: Element,
    ) {
        val heading = content.selectFirst("h1")
        if (path == START) heading?.text(TITLE)
        val name = content.selectFirst(".breadcrumbs .current")?.text()
        if (heading?.text() == "Package-level declarations") heading.text("Package $name")
        content.selectFirst(".breadcrumbs a")?.text(TITLE)
    }

    private fun clean(
        path: String,
        content: Element,
    ) {
        for (name in content.select("[data-unresolved-link]")) {
            val meant = javaOf(name.attr("data-unresolved-link"))
            if (meant != null) {
                name.tagName("a").attr("href", relative(path, meant.path))
            }
            name.removeAttr("data-unresolved-link")
        }
        content.select("script, button, .copy-popup-wrapper, .anchor-wrapper").remove()
        content.select(".copy-icon, .platform-tags, .tabs-section").remove()
        content.select("pre").forEach { it.attr("tabindex", "0") }
        content.select("pre > code").forEach { code ->
            code.text(code.wholeText()).addClass("language-kotlin")
        }
    }

    /** Dokka writes package/Type/member/parameters/.. of what it knows no page of. */
    private fun javaOf(address: String): Symbol? {
        val (pack, type, member) = address.split('/')
        if (type.isEmpty()) return null
        val owner = "$pack.$type"
        return if (member.isEmpty()) types[owner] else members["$owner.$member"]?.first()
    }

    private companion object {
        const val START = "kotlin/index.html"
        const val TITLE = "Weft for Kotlin"

        val TYPES = listOf("class", "interface", "object", "typealias")
    }
}
