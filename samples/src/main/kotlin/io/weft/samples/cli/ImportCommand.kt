package io.weft.samples.cli

import io.weft.Model
import io.weft.exchange.ImportedWeights
import io.weft.exchange.TensorFile
import io.weft.exchange.WeightMapping
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft import`: a model with the weights of another program. */
@Command(
    name = "import",
    description = [
        "Give a model the weights of another program: of a network that was trained in PyTorch," +
            " say, and is declared again. --model-dir is the declaration: any saved model of the" +
            " network, whose own weights do not matter.",
    ],
    footer = [
        "",
        "Examples:",
        "  weft import --model-dir declared --weights gated.safetensors --list",
        "  weft import --model-dir declared --weights gated.safetensors --mapping gated.txt" +
            " --out imported",
        "  weft import --model-dir digits --weights digits.safetensors --out again",
        "",
        "A mapping is a text with lines such as",
        "  block/vertical = torch(blocks.0.v)",
        "  class/kernel = blocks.0.cond.weight[:, 0:32]",
        "  leave out blocks.3.res.*",
        "and others, which the guide of the core shows. Every parameter is given once, every" +
            " array is used or left out.",
    ],
)
internal class ImportCommand : WeftCommand() {
    @Mixin
    private lateinit var given: ModelDirOption

    @Option(
        names = ["--weights"],
        required = true,
        paramLabel = "FILE",
        description = ["Arrays by name: safetensors, or NumPy's .npz."],
    )
    private lateinit var weights: Path

    @Option(
        names = ["--mapping"],
        paramLabel = "FILE",
        description = [
            "Which arrays the parameters are (default: those of their own names, as weft export" +
                " writes them).",
        ],
    )
    private var mapping: Path? = null

    @ArgGroup(multiplicity = "1")
    private lateinit var asked: Asked

    /** What is to be done. */
    private class Asked {
        @Option(
            names = ["--out"],
            paramLabel = "DIR",
            description = ["Save the model here; a model that is there already is replaced."],
        )
        var out: Path? = null

        @Option(
            names = ["--list"],
            description = ["Show the model's parameters and the file's arrays, with their sizes."],
        )
        var list = false
    }

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        asked.out?.let { out ->
            if (given.source.isAt(out)) misuse("--out=$out is the model itself; give another place")
            SavedModels.checkReplaceable(out, ::misuse)
        }
        return given.source.load().use { declared ->
            val file = TensorFile.open(weights)
            asked.out?.let { import(declared, file, it, console) } ?: list(declared, file, console)
        }
    }

    private fun import(
        declared: Model,
        file: TensorFile,
        out: Path,
        console: Console,
    ): Outcome {
        val rules = mapping?.let(WeightMapping::read) ?: WeightMapping.byName()
        val imported = readingInput { rules.apply(declared.definition(), file) }
        Model.of(declared.definition(), imported.weights()).use { SavedModels.save(it, out) }
        return report(imported, file, out, console)
    }

    private fun report(
        imported: ImportedWeights,
        file: TensorFile,
        out: Path,
        console: Console,
    ): Outcome {
        val parameters = imported.weights().names()
        val used = file.entries().size - imported.leftOut().size
        console.say("wrote $out: ${parameters.size} parameters from $used arrays of $weights")
        if (imported.leftOut().isNotEmpty()) {
            console.say("  left out: ${imported.leftOut().joinToString()}")
        }
        imported.masked().toSortedMap().forEach { (name, count) ->
            console.say("  $name: $count numbers of its kernel are masked, and dropped")
        }
        return Outcome(
            linkedMapOf(
                "out" to "$out",
                "parameters" to parameters.size,
                "arrays" to used,
                "left_out" to imported.leftOut(),
                "masked" to imported.masked(),
            ),
        )
    }

    private fun list(
        declared: Model,
        file: TensorFile,
        console: Console,
    ): Outcome {
        if (mapping != null) misuse("--mapping=$mapping: --list shows what there is without it")
        val own = declared.weights()
        val parameters = own.names().associateWith { own.parameter(it).dimensions() }
        val arrays = file.entries().mapValues { it.value.dimensions() }
        console.say("parameters of ${given.source}:")
        parameters.forEach { (name, sizes) -> console.say("  $name $sizes") }
        console.say("arrays of $weights:")
        file.entries().forEach { (name, array) ->
            console.say("  $name ${array.dimensions()} ${array.type()}")
        }
        return Outcome(linkedMapOf("parameters" to parameters, "arrays" to arrays))
    }
}
