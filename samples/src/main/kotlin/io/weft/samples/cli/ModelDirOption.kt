package io.weft.samples.cli

import picocli.CommandLine.Option

/** A model that was saved, or comes with Weft. */
internal class ModelDirOption {
    @Option(
        names = ["--model-dir"],
        required = true,
        paramLabel = "DIR",
        description = [ModelSource.DESCRIPTION],
        converter = [ModelSource.Converter::class],
    )
    lateinit var source: ModelSource
}
