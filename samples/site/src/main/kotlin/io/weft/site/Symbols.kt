package io.weft.site

internal enum class Language { JAVA, KOTLIN }

/**
 * Something of the API that has a page or a place on one.
 *
 * @param owner the type that has it, or its package
 * @param path where it is in the site
 * @param text the first sentence of its documentation
 */
internal class Symbol(
    val language: Language,
    val owner: String,
    val name: String,
    val isType: Boolean,
    val path: String,
    val text: String,
) {
    val full: String get() = "$owner.$name"

    val pack: String
        get() = owner.split('.').takeWhile { it.first().isLowerCase() }.joinToString(".")

    /** Without parameters. */
    val simple: String get() = name.substringBefore('(')
}

/** All that the API documents, found by what a guide calls it. */
internal class Symbols(
    val all: List<Symbol>,
) {
    private val types = all.filter { it.isType }.groupBy { it.name }
    private val members =
        all.filterNot { it.isType }.groupBy { "${it.owner.afterPackage()}.${it.simple}" }
    private val functions = all.filterNot { it.isType }.groupBy { it.simple }

    /**
     * Returns what a name in a guide means, or null where it is no name or not of one thing only. A
     * type is called `Model` or `Model.Snapshot`, a member `Model.sampler` or `sampler(..)`; without
     * its type a member needs an inner capital or parentheses, for other words are just words.
     */
    fun meant(
        code: String,
        preferred: Language,
    ): Symbol? {
        val name = NAME.matchEntire(code)?.groupValues?.get(1) ?: return null
        val isCall = code.length > name.length
        val candidates =
            if (isCall) emptyList() else types[name].orEmpty()
        val found =
            candidates.ifEmpty { members[name].orEmpty() }.ifEmpty {
                val hasHump = name[0].isLowerCase() && name.any(Char::isUpperCase)
                if (isCall || hasHump) functions[name].orEmpty() else emptyList()
            }
        val near = found.filter { it.language == preferred }.ifEmpty { found }
        return near.firstOrNull().takeIf { near.map(Symbol::owner).distinct().size == 1 }
    }

    private companion object {
        val NAME = Regex("""([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)(?:\([^()]*\))?""")
    }
}

/** Returns the names of types of a qualified name, without its package. */
internal fun String.afterPackage(): String =
    split('.').dropWhile { it.first().isLowerCase() }.joinToString(".")
