package io.weft.samples.cli

import picocli.CommandLine.Option
import java.nio.file.Path

/** A model that was saved. */
internal class ModelDirOption {
    @Option(
        names = ["--model-dir"],
        required = true,
        paramLabel = "DIR",
        description = ["A model's folder, as train --out made it."],
    )
    lateinit var path: Path
}
