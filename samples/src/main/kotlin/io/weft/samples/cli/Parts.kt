package io.weft.samples.cli

import io.weft.pyramid.MultiScale
import io.weft.pyramid.Size
import java.nio.file.Path
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension

/** What one of a pyramid's two models is called, in names of files and in JSON. */
internal val Size.word: String get() = name.lowercase()

/** The two models of a pyramid. */
internal fun MultiScale.definitions() = mapOf(Size.SMALL to small(), Size.LARGE to large())

/** The folder of a [part] of what this is the folder of. */
internal fun Path.folderOf(part: String?): Path = if (part == null) this else resolve(part)

/** The file of a [part] of what this is the file of: run-small.csv of run.csv. */
internal fun Path.fileOf(part: String?): Path {
    if (part == null) return this
    val ending = name.removePrefix(nameWithoutExtension)
    return resolveSibling("$nameWithoutExtension-$part$ending")
}
