package io.weft.samples.cli

import io.weft.internal.files.AtomicFile
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.exists
import kotlin.io.path.fileSize
import kotlin.io.path.isRegularFile
import kotlin.io.path.walk

/** `weft export`: a model to give away. */
@Command(
    name = "export",
    description = [
        "Copy a saved model without what training goes on from: a quarter to a third as large," +
            " for use elsewhere. Weights, names of classes and history stay; what it draws and" +
            " scores is the same.",
    ],
    footer = [
        "",
        "Examples:",
        "  weft export --model-dir digits --out digits.zip",
        "  weft export --model-dir digits --out slim",
        "",
        "All commands take the copy as --model-dir, the zip too, but train --resume; programs" +
            " load it as any saved model.",
    ],
)
internal class ExportCommand : WeftCommand() {
    @Mixin
    private lateinit var given: ModelDirOption

    @Option(
        names = ["--out"],
        required = true,
        paramLabel = "PLACE",
        description = [
            "Where to: a zip, if the name ends so, or a folder; a model that is there already is" +
                " replaced.",
        ],
    )
    private lateinit var out: Path

    private val isZip get() = out.toString().endsWith(".zip", ignoreCase = true)

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val source = given.source
        if (source is ModelSource.Disk && isSame(source.path)) {
            misuse("--out=$out is the model itself; give another place, and keep it to train on")
        }
        if (!isZip) SavedModels.checkWritable(out, ::misuse)
        return source.open().use { saved ->
            write(saved)
            val before = bytes(source)
            val bytes = bytes(out)
            console.say("wrote $out: $bytes bytes, of $before that the model had")
            Outcome(linkedMapOf("out" to "$out", "bytes" to bytes, "bytes_before" to before))
        }
    }

    private fun isSame(place: Path) = out.exists() && place.exists() && Files.isSameFile(out, place)

    private fun bytes(source: ModelSource): Long =
        when (source) {
            is ModelSource.Disk -> bytes(source.path)
            is ModelSource.Builtin -> source.model.bytes()
        }

    private fun write(saved: Saved) =
        saved.model.withoutTrainingState().use { slim ->
            if (isZip) AtomicFile.write(out, slim::save) else slim.save(out)
        }

    @OptIn(ExperimentalPathApi::class)
    private fun bytes(place: Path): Long =
        if (place.isRegularFile()) place.fileSize() else place.walk().sumOf { it.fileSize() }
}
