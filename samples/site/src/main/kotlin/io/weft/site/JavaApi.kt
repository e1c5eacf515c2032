package io.weft.site

import org.jsoup.Jsoup
import org.jsoup.nodes.Element
import java.nio.file.Path
import java.util.spi.ToolProvider
import kotlin.io.path.div
import kotlin.io.path.extension
import kotlin.io.path.invariantSeparatorsPathString
import kotlin.io.path.readText
import kotlin.io.path.relativeTo
import kotlin.io.path.walk

/** The Javadoc of all modules of core in one place, as the tool wrote it into a folder. */
internal class JavaApi(
    folder: Path,
) {
    val pages: List<Page>
    val symbols: List<Symbol>

    init {
        val documents =
            folder
                .walk()
                .filter { it.extension == "html" }
                .map { it.relativeTo(folder).invariantSeparatorsPathString to it.readText() }
                .filterNot { (path, _) -> path in UNUSED }
                .sortedBy { (path, _) -> path }
                .mapNotNull { (path, text) ->
                    Jsoup.parse(text).selectFirst("main")?.let { "java/$path" to it }
                }.toList()
        symbols = documents.flatMap { (path, main) -> symbolsOf(path, main) }
        pages =
            documents.map { (path, main) ->
                clean(main)
                Page(path, main.selectFirst("h1")?.text() ?: "Java", main)
            }
    }

    private fun symbolsOf(
        path: String,
        main: Element,
    ): List<Symbol> {
        val description = main.selectFirst("section.class-description") ?: return emptyList()
        val pack = path.split('/').drop(2).dropLast(1).joinToString(".")
        val type = path.substringAfterLast('/').removeSuffix(".html")
        val about = description.children().firstOrNull { it.hasClass("block") }
        val members =
            main.select("section.detail[id]").map { detail ->
                val name = detail.id().replace("<init>", type.substringAfterLast('.'))
                val text = firstSentence(detail.selectFirst("div.block"))
                val place = "$path#${detail.id()}"
                Symbol(Language.JAVA, "$pack.$type", short(name), false, place, text)
            }
        return members + Symbol(Language.JAVA, pack, type, true, path, firstSentence(about))
    }

    /** Leaves out the packages of parameters. */
    private fun short(name: String): String =
        name.replace(Regex("""\b[a-z]\w*\."""), "").replace(",", ", ")

    /** Keeps what is said; what only Javadoc's own scripts and styles use goes. */
    private fun clean(main: Element) {
        // A list of packages whose links lead nowhere where there is but one.
        main.select("section.packages").remove()
        main.select("script, .table-tabs, a.anchor-link, button").remove()
        for (name in listOf("role", "aria-labelledby", "aria-live", "tabindex", "title", "style")) {
            main.select("[$name]").removeAttr(name)
        }
        main.select("pre").forEach { it.attr("tabindex", "0") }
        main.select("pre > code").forEach { it.addClass("language-java") }
    }

    companion object {
        private val UNUSED = setOf("help-doc.html", "overview-summary.html", "search.html")

        /** The modules that have packages. */
        private val MODULES = listOf("jvm", "tensorflow", "drawing", "watch")

        /** Writes a checkout's Javadoc into a folder, with this program's libraries at hand. */
        fun write(
            root: Path,
            folder: Path,
        ) {
            val sources =
                MODULES.flatMap {
                    val folder = root / "core" / it / "src/main/java"
                    listOf("--module-source-path", "io.weft.$it=$folder")
                }
            val options =
                listOf("-quiet", "-encoding", "UTF-8", "-notimestamp", "--release", "17") +
                    listOf("-Xdoclint:all,-missing", "-notree", "-noindex", "-nohelp") +
                    listOf("-doctitle", "Weft for Java", "-d", "$folder") +
                    listOf("--module-path", System.getProperty("java.class.path")) +
                    listOf("--module", MODULES.joinToString(",") { "io.weft.$it" })
            val javadoc = ToolProvider.findFirst("javadoc").orElseThrow()
            val code = javadoc.run(System.out, System.err, *(sources + options).toTypedArray())
            check(code == 0) { "javadoc failed, with the messages above" }
        }
    }
}

/** Returns the first sentence of a documentation, as search shows it. */
internal fun firstSentence(block: Element?): String =
    block?.text().orEmpty().substringBefore(". ").removeSuffix(".").take(200)
