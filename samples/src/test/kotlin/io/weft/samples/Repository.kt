package io.weft.samples

import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.exists

/** The checkout that the tests run in. */
internal object Repository {
    val ROOT: Path =
        generateSequence(Path("").toAbsolutePath()) { it.parent }
            .first { (it / "README.md").exists() && (it / "samples").exists() }
}
