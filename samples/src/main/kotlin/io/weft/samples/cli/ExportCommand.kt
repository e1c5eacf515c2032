package io.weft.samples.cli

import io.weft.ImageModel
import io.weft.exchange.TensorFile
import io.weft.internal.files.AtomicFile
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.fileSize
import kotlin.io.path.isRegularFile
import kotlin.io.path.walk

/** What a model is written as, by the ending of the place that it is written to. */
private enum class ExportForm(
    val ending: String,
) {
    ZIP(".zip"),
    SAFETENSORS(".safetensors"),
    NPZ(".npz"),
    FOLDER(""),
    ;

    companion object {
        fun of(place: Path) = entries.first { place.toString().endsWith(it.ending, true) }
    }
}

/** `weft export`: a model to give away, or its weights for other programs. */
@Command(
    name = "export",
    description = [
        "Copy a saved model without what training goes on from: a quarter to a third as large," +
            " for use elsewhere. Weights, names of classes and history stay; what it draws and" +
            " scores is the same, unless --weights rounds them. Or write its weights alone, for" +
            " other programs.",
    ],
    footer = [
        "",
        "Examples:",
        "  weft export --model-dir digits --out digits.zip",
        "  weft export --model-dir digits --out slim",
        "  weft export --model-dir digits --weights half --out digits-half",
        "  weft export --model-dir digits --out digits.safetensors",
        "",
        "All commands take the copy as --model-dir, the zip too, but train --resume; programs" +
            " load it as any saved model. weft import takes weights in again.",
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
                " replaced. A name that ends in .safetensors or .npz takes the weights alone.",
        ],
    )
    private lateinit var out: Path

    @Option(
        names = ["--weights"],
        paramLabel = "full|half",
        converter = [WeightBits.Converter::class],
        description = [
            "half: round every matrix to 8 bits of precision (bfloat16). A single image is then" +
                " drawn in less time on the JVM; it is another model, which weft score compares" +
                " (default: full, as they are).",
        ],
    )
    private var weights = WeightBits.FULL

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val source = given.source
        if (source.isAt(out)) {
            misuse("--out=$out is the model itself; give another place, and keep it to train on")
        }
        when (ExportForm.of(out)) {
            ExportForm.ZIP -> {
                slim(source) { slim -> AtomicFile.write(out, slim::save) }
            }

            ExportForm.FOLDER -> {
                SavedModels.checkWritable(out, ::misuse)
                slim(source) { it.save(out) }
            }

            ExportForm.SAFETENSORS -> {
                source.load().use { TensorFile.writeSafetensors(out, weights.of(it.weights())) }
            }

            ExportForm.NPZ -> {
                source.load().use { TensorFile.writeNpz(out, weights.of(it.weights())) }
            }
        }
        val before = bytes(source)
        val bytes = bytes(out)
        console.say("wrote $out: $bytes bytes, of $before that the model had")
        return Outcome(linkedMapOf("out" to "$out", "bytes" to bytes, "bytes_before" to before))
    }

    private fun slim(
        source: ModelSource,
        write: (ImageModel) -> Unit,
    ) = source.open().use { saved -> weights.of(saved.model).use(write) }

    private fun bytes(source: ModelSource): Long =
        when (source) {
            is ModelSource.Disk -> bytes(source.path)
            is ModelSource.Builtin -> source.model.bytes()
        }

    @OptIn(ExperimentalPathApi::class)
    private fun bytes(place: Path): Long =
        if (place.isRegularFile()) place.fileSize() else place.walk().sumOf { it.fileSize() }
}
