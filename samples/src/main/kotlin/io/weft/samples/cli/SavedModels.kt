package io.weft.samples.cli

import io.weft.Model
import io.weft.engine.Device
import io.weft.json.LayerCatalog
import io.weft.pyramid.MultiScaleFolder
import io.weft.pyramid.MultiScaleModel
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
        if (MultiScaleFolder.isAt(folder)) {
            misuse("--out=$folder is a multi-scale model, which a single one does not replace")
        }
        Model.checkReplaceable(folder)
    }

    /** Refuses, before hours of training, an `--out` that holds anything but a pyramid. */
    fun checkPyramidReplaceable(
        folder: Path,
        misuse: (String) -> Nothing,
    ) {
        checkWritable(folder, misuse)
        MultiScaleFolder.of(folder, LayerCatalog.standard()).checkReplaceable()
    }

    /** Saves a model. */
    fun save(
        model: Model,
        folder: Path,
    ) = model.save(folder)

    /** Loads a single model, which an option names. */
    fun load(
        folder: Path,
        option: String,
        device: Device,
    ): Model {
        checkThere(folder, option)
        if (MultiScaleFolder.isAt(folder)) {
            val part = if (Files.isDirectory(folder)) ", such as ${folder.resolve("small")}" else ""
            throw InputException(
                "$option=$folder is a multi-scale model, of two models that draw in turn;" +
                    " this takes one that draws images by itself$part",
            )
        }
        return readingInput { Model.load(folder, LayerCatalog.standard(), device) }
    }

    /** Loads a pyramid. */
    fun loadPyramid(
        folder: Path,
        device: Device,
    ): MultiScaleModel =
        readingInput { MultiScaleModel.load(folder, LayerCatalog.standard(), device) }

    private fun checkThere(
        folder: Path,
        option: String,
    ) {
        if (!Files.exists(folder)) {
            throw InputException(
                "$option=$folder does not exist; give a folder that train saved",
            )
        }
    }
}
