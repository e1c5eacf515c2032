package io.weft.site

import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.writeLines
import kotlin.system.exitProcess

/**
 * Lays out the site. Arguments: the checkout, the folder where Dokka has written the KDoc, a new
 * folder for the site, the version. Ends with 1, and a list, if a link leads nowhere. Beside the
 * site lies a list of the addresses elsewhere that it links to.
 */
fun main(arguments: Array<String>) {
    val (root, kdoc, folder) = arguments.take(3).map { Path(it) }
    val javadoc = folder.resolveSibling("javadoc")
    JavaApi.write(root, javadoc)
    val java = JavaApi(javadoc)
    val site = Site(root, arguments[3], java, KotlinApi(kdoc, java.symbols))
    site.write(folder)
    val links = Links(folder)
    folder.resolveSibling("external-links.txt").writeLines(links.external)
    if (links.broken.isNotEmpty()) {
        System.err.println("links that lead nowhere:\n" + links.broken.joinToString("\n"))
        exitProcess(1)
    }
    println("the site lies in $folder: open ${folder / "index.html"}")
}

/** Lays out the pages of a checkout alone, without Javadoc and KDoc, in a new folder. */
fun layOutGuides(
    root: Path,
    folder: Path,
    version: String,
) = Site(root, version).write(folder)
