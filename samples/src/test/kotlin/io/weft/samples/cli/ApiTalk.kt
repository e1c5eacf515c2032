package io.weft.samples.cli

/** Words of the API, which say nothing to somebody at a command line. */
internal object ApiTalk {
    /** `fittedTo`, `Mnist.download`, `isDone()`; a product is none. */
    private val API =
        Regex("""\b[a-z]+[A-Z][A-Za-z]*\b|\b[A-Z][A-Za-z]+\.[a-z]\w*|\w\((\.\.)?\)""")

    private val NONE = Regex("""oneDNN|cuDNN|%n|-D[\w.]+""")
    private val LITERAL = Regex(""""((?:[^"\\]|\\.)*)"""")

    /** The API words of a text. */
    fun inText(text: String): List<String> =
        API.findAll(text.replace(NONE, " ")).map { it.value }.toList()

    /** The string literals of a source file that have API words in a sentence. */
    fun inLiterals(source: String): List<String> =
        source
            .lines()
            .filterNot { line -> listOf("*", "/*", "//").any { line.trim().startsWith(it) } }
            .flatMap { line -> LITERAL.findAll(line).map { it.groupValues[1] } }
            .filter { ' ' in it.trim() && inText(it).isNotEmpty() }
}
