package io.weft.samples.docs

import io.weft.samples.Repository.ROOT
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.readLines
import kotlin.io.path.readText
import kotlin.io.path.relativeTo

/** A fenced block of a page, with the comment that stands right above it. */
internal class Block(
    val language: String,
    val comment: String,
    val text: String,
)

/** A page of the documentation, as much as tests have to understand of Markdown. */
internal class Page(
    private val file: Path,
) {
    val name: String = file.relativeTo(ROOT).toString()
    val text: String = file.readText()
    private val lines = text.lines()
    private val fences = lines.indices.filter { lines[it].startsWith("```") }
    private val prose =
        lines
            .filterIndexed {
                i,
                line,
                ->
                fences.count { it < i } % 2 == 0 && !line.startsWith("```")
            }.joinToString("\n")

    val blocks: List<Block> =
        fences.chunked(2).map { (from, to) ->
            Block(
                lines[from].removePrefix("```"),
                lines.getOrElse(from - 1) { "" }.removeSurrounding("<!-- ", " -->"),
                lines.subList(from + 1, to).joinToString("\n"),
            )
        }

    /** The commands of the page's shell blocks, without their comments. */
    val commands: List<String> =
        blocks
            .filter { it.language == "sh" }
            .flatMap { it.text.replace("\\\n", " ").lines() }
            .flatMap { it.substringBefore(" #").split("&&") }
            .map(String::words)
            .filter(String::isNotEmpty)

    /** What stands between backticks in the prose. */
    val code: List<String> = Regex("`([^`]+)`").findAll(prose).map { it.groupValues[1] }.toList()

    /** What the page links to, pictures included, but for other sites. */
    val links: List<String> =
        Regex("]\\(([^)]+)\\)|<img src=\"([^\"]+)\"")
            .findAll(prose.replace(Regex("`[^`]*`"), ""))
            .map { link -> link.groupValues.drop(1).first(String::isNotEmpty) }
            .filterNot { it.startsWith("http") }
            .toList()

    /** The names by which links reach the page's headings. */
    private val anchors: List<String> =
        prose.lines().filter { it.startsWith("#") }.map { heading ->
            val words = heading.trimStart('#').trim().lowercase()
            words.filter { it.isLetterOrDigit() || it in " -_" }.replace(' ', '-')
        }

    /** Returns the files that are linked to, from the root of the repository. */
    fun linkedFiles(): List<Path> = links.filterNot { it.startsWith("#") }.map(::linked)

    /** Returns what is wrong with a link, or null. */
    fun fault(link: String): String? {
        val target = if (link.startsWith("#")) file else linked(link)
        val anchor = link.substringAfter('#', "")
        return when {
            !target.exists() -> "there is no $target"
            anchor.isNotEmpty() && anchor !in Page(target).anchors -> "no heading is #$anchor"
            else -> null
        }
    }

    private fun linked(link: String): Path = (file.parent / link.substringBefore('#')).normalize()

    companion object {
        /** All pages of the repository. */
        val ALL: List<Page> =
            ROOT
                .toFile()
                .walk()
                .onEnter { it.name != "target" && !it.isHidden }
                .filter { it.extension == "md" }
                .map { Page(it.toPath()) }
                .toList()
    }
}

/** Returns a region of a source file: what stands between "// region NAME" and its end. */
internal fun region(
    file: Path,
    name: String,
): String {
    val lines = file.readLines()
    val from = lines.indexOfFirst { it.trim() == "// region $name" }
    require(from >= 0) { "$file has no region $name" }
    val region = lines.drop(from + 1).takeWhile { it.trim() != "// endregion" }
    return region.joinToString("\n").trimIndent().trim('\n')
}

/** Returns the words, one blank between them. */
internal fun String.words(): String = trim().split(Regex("\\s+")).joinToString(" ")
