package io.weft.samples.cli

import io.weft.engine.Device
import io.weft.engine.Precision
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Option
import picocli.CommandLine.TypeConversionException

/** What training computes in. */
internal class PrecisionOption {
    @Option(
        names = ["--precision"],
        paramLabel = "NAME",
        converter = [Converter::class],
        description = [
            "float32, or bfloat16 where the processor has it (AVX512-BF16 or AMX, on Linux)" +
                " (default \${DEFAULT-VALUE}).",
        ],
    )
    var precision = Precision.FLOAT32

    internal class Converter : ITypeConverter<Precision> {
        override fun convert(value: String): Precision =
            Precision.entries.find { "$it" == value }
                ?: throw TypeConversionException(
                    "found '$value'; expected one of ${Precision.entries.joinToString()}",
                )
    }
}

/** Checks that a device can train in [precision]. */
internal fun checkPrecision(
    precision: Precision,
    device: Device,
) {
    try {
        precision.check(device)
    } catch (e: IllegalStateException) {
        throw WorkException(e.message.orEmpty(), e)
    }
}
