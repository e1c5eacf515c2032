package io.weft.samples.cli

import io.weft.Model
import io.weft.json.LayerCatalog
import io.weft.save.ModelFolder
import java.nio.file.Files
import java.nio.file.Path

/** Models on disk, with the command line's errors. */
internal object SavedModels {
    /** Refuses an `--out` that cannot be a folder to write in. */
    fun checkWritable(
        folder: Path,
        misuse: (String) -> Nothing,
    ) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            misuse("--out=$folder is a file; give a folder")
        }
        val existing =
            generateSequence(
                folder.toAbsolutePath(),
            ) { it.parent }.first { Files.exists(it) }
        if (!Files.isWritable(existing)) {
            misuse("--out=$folder: cannot write in $existing; give another folder")
        }
    }

    /** Refuses, before hours of training, an `--out` that holds anything but a model. */
    fun checkReplaceable(
        folder: Path,
        misuse: (String) -> Nothing,
    ) {
        checkWritable(folder, misuse)
        ModelFolder.of(folder, LayerCatalog.standard()).checkReplaceable()
    }

    /** Saves a model. */
    fun save(
        model: Model,
        folder: Path,
    ) = model.save(folder)

    /** Loads a model. */
    fun load(folder: Path): Model {
        if (!Files.exists(folder)) {
            throw InputException(
                "--model-dir=$folder does not exist; give a folder that train saved",
            )
        }
        return readingInput { Model.load(folder) }
    }
}
