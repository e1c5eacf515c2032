package io.weft.samples.cli

import io.weft.internal.files.AtomicFile
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Model.CommandSpec
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
                files.forEach { file ->
                    AtomicFile.obstacle(file).ifPresent {
                        misuse("${option.longestName()}=$file $it")
                    }
                }
            }
    }
}
