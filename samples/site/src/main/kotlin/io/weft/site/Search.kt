package io.weft.site

import com.fasterxml.jackson.databind.ObjectMapper

/** What search looks through: each section of the guides, and each name of the API. */
internal object Search {
    /** Returns a script, for a page that was opened as a file may fetch no data. */
    fun script(
        guides: List<Page>,
        symbols: List<Symbol>,
    ): String {
        val index =
            mapOf("sections" to guides.flatMap(::sections), "symbols" to symbols.map(::entry))
        return "window.weftIndex = ${ObjectMapper().writeValueAsString(index)};\n"
    }

    private fun entry(symbol: Symbol): Map<String, String> =
        mapOf(
            "language" to if (symbol.language == Language.JAVA) "Java" else "Kotlin",
            "owner" to symbol.owner,
            "name" to symbol.name,
            "type" to if (symbol.isType) "1" else "",
            "url" to symbol.path,
            "text" to symbol.text,
        )

    private fun sections(page: Page): List<Map<String, String>> {
        val sections = mutableListOf<Pair<Pair<String, String>, StringBuilder>>()
        for (element in page.body.children()) {
            if (element.tagName() in HEADINGS || sections.isEmpty()) {
                sections += (element.id() to element.text()) to StringBuilder()
            }
            if (element.tagName() !in HEADINGS) {
                sections.last().second.append(element.text()).append(' ')
            }
        }
        return sections.map { (heading, text) ->
            val (id, title) = heading
            mapOf(
                "page" to page.title,
                "title" to title,
                "url" to if (id.isEmpty()) page.path else "${page.path}#$id",
                "text" to text.trim().toString(),
            )
        }
    }

    private val HEADINGS = setOf("h1", "h2", "h3", "h4")
}
