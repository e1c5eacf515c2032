package io.weft.site

import java.nio.file.Path
import java.util.Properties
import kotlin.io.path.createDirectories
import kotlin.io.path.createParentDirectories
import kotlin.io.path.div
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText

/**
 * The documentation of a checkout as pages that need no server.
 *
 * @param root the checkout, whose guides are read
 * @param version the version that pages name
 * @param java the Javadoc, or null for guides alone
 * @param kotlin the KDoc, likewise
 */
internal class Site(
    private val root: Path,
    version: String,
    private val java: JavaApi? = null,
    private val kotlin: KotlinApi? = null,
) {
    private val symbols = java?.symbols.orEmpty() + kotlin?.symbols.orEmpty()
    private val guides = Symbols(symbols).let { names -> GUIDES.map { Guide(root, it, names) } }
    private val files = guides.flatMap { it.files }.toSortedSet()
    private val chapters =
        CONTENTS.map { chapter ->
            Part(chapter.title, chapter.entries.map { Link(it.title, pathOf(it.file)) })
        }
    private val guidesAlone = Part("Weft", listOf(Link("The guides", "index.html")))
    private val apis =
        listOfNotNull(
            java?.let { Link("Java (Javadoc)", "java/index.html") },
            kotlin?.let { Link("Kotlin (KDoc)", "kotlin/index.html") },
        ).let { if (it.isEmpty()) emptyList() else listOf(Part("API", it)) }
    private val javaTypes =
        java?.symbols.orEmpty().filter { it.isType }.groupBy { it.pack }.toSortedMap()
    private val kotlinPackages =
        kotlin
            ?.symbols
            .orEmpty()
            .filter { it.owner == it.pack }
            .groupBy { it.pack }
            .map { (name, all) -> Part(name, links(all)) }
    private val layout = Layout(version, chapters.flatMap { it.links }, ::contents)

    /** Writes all into a folder. */
    fun write(folder: Path) {
        val pages =
            guides.map { it.page } + files.filterNot(::isPicture).map { sourcePage(root, it) } +
                java?.pages.orEmpty() + kotlin?.pages.orEmpty()
        for (page in pages) {
            val html = layout.lay(page).html()
            (folder / page.path).createParentDirectories().writeText(html)
        }
        for (file in files.filter(::isPicture)) {
            (folder / file).createParentDirectories().writeBytes((root / file).readBytes())
        }
        val assets = (folder / "assets").createDirectories()
        for (name in ASSETS) (assets / name).writeBytes(resource(name))
        for ((name, bytes) in libraries()) (assets / name).writeBytes(bytes)
        (assets / "icon.svg").writeBytes((root / ICON).readBytes())
        (assets / "index.js").writeText(Search.script(guides.map { it.page }, symbols))
    }

    /** Guides have the contents of all guides beside them, an API its packages. */
    private fun contents(page: Page): List<Part> {
        val folder = page.path.substringBeforeLast('/')
        return when (page.path.substringBefore('/')) {
            "java" -> listOf(guidesAlone) + apis + javaPackages(folder)
            "kotlin" -> listOf(guidesAlone) + apis + kotlinPackages
            else -> chapters + apis
        }
    }

    private fun javaPackages(folder: String): List<Part> =
        javaTypes.map { (name, types) ->
            val isHere = types.first().path.substringBeforeLast('/') == folder
            Part(name, links(types), if (isHere) Fold.OPEN else Fold.CLOSED)
        }

    private fun links(symbols: List<Symbol>): List<Link> =
        symbols
            .map { Link(it.name, it.path) }
            .distinctBy { it.path }
            .sortedBy { it.title.lowercase() }

    private companion object {
        val ASSETS =
            listOf("site.css", "theme.js", "site.js", "search.js", "licences.txt")
        const val ICON = "samples/src/main/resources/serve/icon.svg"

        /** What others have written, from their jars, as licences.txt says. */
        fun libraries(): Map<String, ByteArray> =
            mapOf(
                "lunr.js" to webjar("org.webjars.npm", "lunr", "lunr.min.js"),
                "highlight.js" to webjar("org.webjars", "highlightjs", "highlight.min.js"),
            )

        fun webjar(
            group: String,
            name: String,
            file: String,
        ): ByteArray {
            fun open(path: String) =
                checkNotNull(Site::class.java.getResourceAsStream(path)) { "no $path" }
            val properties = Properties()
            open("/META-INF/maven/$group/$name/pom.properties").use(properties::load)
            val version = properties.getProperty("version")
            val path = "/META-INF/resources/webjars/$name/$version/$file"
            return open(path).use { it.readAllBytes() }
        }
    }
}
