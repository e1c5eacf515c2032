package io.weft.samples.cli

import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Model.CommandSpec
import java.nio.file.Files
import java.nio.file.Path

/**
 * Marks an option that names a file to be written: whether it can be is looked at before any work
 * begins, hours of which may come before the writing.
 */
internal class OutputFile : ITypeConverter<Path> {
    override fun convert(value: String): Path = Path.of(value)

    internal companion object {
        /** Refuses what cannot be written of all that the options of a command name. */
        fun checkAll(
            spec: CommandSpec,
            misuse: (String) -> Nothing,
        ) = spec
            .options()
            .filter { option -> option.converters().any { it is OutputFile } }
            .forEach { option ->
                // A path is an iterable itself, of its names.
                val files =
                    when (val value = option.getValue<Any?>()) {
                        null -> listOf()
                        is Path -> listOf(value)
                        else -> (value as Collection<*>).map { it as Path }
                    }
                files.forEach { check("${option.longestName()}=$it", it, misuse) }
            }

        private fun check(
            option: String,
            file: Path,
            misuse: (String) -> Nothing,
        ) {
            if (Files.isDirectory(file)) misuse("$option is a folder; name a file")
            if (Files.exists(file) && !Files.isWritable(file)) {
                misuse("$option may not be written; name another file")
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) return
            val existing =
                generateSequence(file.toAbsolutePath().parent) { it.parent }.firstOrNull {
                    Files.exists(it)
                }
            if (existing == null || !Files.isDirectory(existing)) {
                misuse("$option: $existing is no folder; name a file in another place")
            }
            if (!Files.isWritable(existing)) {
                misuse("$option: cannot write in $existing; name a file in another place")
            }
        }
    }
}
