package io.weft.samples.cli

import io.weft.BuiltinModel
import io.weft.Model
import io.weft.engine.Device
import io.weft.pyramid.MultiScaleFolder
import io.weft.pyramid.MultiScaleModel
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.TypeConversionException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.name

/** Where a model is that `--model-dir` names. */
internal sealed interface ModelSource {
    /** What the model is called, for people. */
    val name: String

    /** Returns what is there, to compute on a device. */
    fun open(device: Device = Device.cpu()): Saved

    /** Returns the single model that is there; [option] names it in what is refused. */
    fun load(
        option: String = OPTION,
        device: Device = Device.cpu(),
    ): Model

    /** Whether two models are there that draw in turn. */
    val isPyramid: Boolean

    /** Returns the two models that are there. */
    fun loadPyramid(): MultiScaleModel

    /** Whether it is what lies at a place. */
    fun isAt(place: Path): Boolean

    /** On disk: a folder that was saved, or a zip of it. */
    class Disk(
        val path: Path,
    ) : ModelSource {
        override val name: String get() = path.toAbsolutePath().normalize().name

        override fun open(device: Device): Saved = Saved.load(path, device)

        override fun load(
            option: String,
            device: Device,
        ): Model = SavedModels.load(path, option, device)

        override val isPyramid: Boolean get() = MultiScaleFolder.isAt(path)

        override fun loadPyramid(): MultiScaleModel = SavedModels.loadPyramid(path, Device.cpu())

        override fun isAt(place: Path): Boolean =
            place.exists() && path.exists() && Files.isSameFile(place, path)

        override fun toString(): String = path.toString()
    }

    /** With Weft itself. */
    class Builtin(
        val model: BuiltinModel,
    ) : ModelSource {
        override val name: String get() = model.name()

        override fun open(device: Device): Saved = Saved.One(model.load(device))

        override fun load(
            option: String,
            device: Device,
        ): Model = model.load(device)

        override val isPyramid: Boolean get() = false

        override fun loadPyramid(): MultiScaleModel = error("$this draws by itself")

        override fun isAt(place: Path): Boolean = false

        override fun toString(): String = "$BUILTIN${model.name()}"
    }

    /** What a word on the command line names. */
    class Converter : ITypeConverter<ModelSource> {
        override fun convert(word: String): ModelSource =
            if (word.startsWith(BUILTIN)) {
                try {
                    Builtin(BuiltinModel.named(word.removePrefix(BUILTIN)))
                } catch (e: IllegalArgumentException) {
                    throw TypeConversionException("${e.message} (weft models shows them)")
                }
            } else {
                Disk(Path.of(word))
            }
    }

    companion object {
        /** The option that names a model as a rule. */
        const val OPTION = "--model-dir"

        /** What stands before the name of a model that comes with Weft. */
        const val BUILTIN = "builtin:"

        /** What `--model-dir` takes, in its help. */
        const val DESCRIPTION =
            "A model's folder, as train --out made it, or ${BUILTIN}NAME: one that comes with" +
                " Weft (weft models)."
    }
}
