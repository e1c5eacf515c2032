package io.weft.samples.cli

import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.TypeConversionException

/** Reads one of some values by its name on the command line; any other name is refused. */
internal abstract class OneOfConverter<T>(
    private val values: List<T>,
    private val name: (T) -> String,
) : ITypeConverter<T> {
    override fun convert(value: String): T =
        values.find { name(it) == value }
            ?: throw TypeConversionException(
                "found '$value'; expected one of ${values.joinToString { name(it) }}",
            )
}
