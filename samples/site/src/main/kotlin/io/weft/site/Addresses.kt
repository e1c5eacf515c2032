package io.weft.site

import kotlin.io.path.Path
import kotlin.io.path.invariantSeparatorsPathString

/** Returns the address of one path of the site as written on another, with its anchor. */
internal fun relative(
    from: String,
    to: String,
): String {
    val there = to.substringBefore('#').split('/')
    val here = from.split('/').dropLast(1)
    val common = here.zip(there.dropLast(1)).takeWhile { (a, b) -> a == b }.size
    val path = List(here.size - common) { ".." } + there.drop(common)
    return path.joinToString("/") + to.removePrefix(to.substringBefore('#'))
}

/** Returns the path that an address on a page leads to, with its anchor. */
internal fun resolve(
    from: String,
    address: String,
): String {
    val path = address.substringBefore('#')
    val there = if (path.isEmpty()) Path("/$from") else Path("/$from").resolveSibling(path)
    val normal = there.normalize().invariantSeparatorsPathString
    return normal.removePrefix("/") + address.removePrefix(path)
}

internal fun isExternal(address: String): Boolean = Regex("^([a-z]+:|//).*").matches(address)
