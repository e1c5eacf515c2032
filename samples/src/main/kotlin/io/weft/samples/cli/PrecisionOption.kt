package io.weft.samples.cli

import io.weft.engine.Device
import io.weft.engine.Precision
import picocli.CommandLine.Option

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

    internal class Converter : OneOfConverter<Precision>(Precision.entries, { "$it" })
}

/** Checks that a device can train in [precision]. */
internal fun checkPrecision(
    precision: Precision,
    device: Device,
) {
    try {
        precision.check(device)
    } catch (e: IllegalStateException) {
        throw WorkException("${e.message} (--precision=float32)", e)
    }
}
