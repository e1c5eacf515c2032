package io.weft.samples.cli

import io.weft.define.Definition
import io.weft.explain.FieldPicture
import io.weft.explain.Figure
import io.weft.explain.GraphText
import io.weft.explain.HtmlReport
import io.weft.explain.KernelPicture
import io.weft.explain.LayerDiagram
import io.weft.explain.OrderPicture
import io.weft.explain.SamplingSummary
import io.weft.explain.Summary
import io.weft.graph.Node
import io.weft.internal.files.AtomicFile
import io.weft.json.DefinitionJson
import io.weft.order.GenerationOrder
import io.weft.prove.ConditionField
import io.weft.prove.DefinitionReport
import io.weft.spec.Condition
import io.weft.spec.ImageSpec
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path
import kotlin.io.path.createDirectories

/** `weft explain`: shows what a model is and what it can see. */
@Command(
    name = "explain",
    description = ["Show what a model is made of and what it can see, as text and as pictures."],
    footer = [
        "",
        "Examples:",
        "  weft explain --model-dir digits",
        "  weft explain --model gated --maps 64 --blocks 8 --size 28 --sampling",
        "  weft explain --model pixelcnn --blocks 5 --size 28 --out explained",
    ],
)
internal class ExplainCommand : WeftCommand() {
    /** A model that there is: one of the two. */
    internal class Source {
        @Option(
            names = ["--model-dir"],
            paramLabel = "DIR",
            description = [ModelSource.DESCRIPTION],
            converter = [ModelSource.Converter::class],
        )
        var model: ModelSource? = null

        @Option(
            names = ["--definition"],
            paramLabel = "FILE",
            description = ["A definition as JSON."],
        )
        var definition: Path? = null
    }

    @ArgGroup
    private var source: Source? = null

    @Mixin
    private lateinit var network: ModelOptions

    @Mixin
    private lateinit var quantised: LevelsOption

    @Option(
        names = ["--size"],
        paramLabel = "N",
        description = ["Rows and columns of the images (default \${DEFAULT-VALUE})."],
    )
    private var size = DataSource.USUAL_SIZE

    @Option(
        names = ["--channels"],
        paramLabel = "N",
        description = ["Colour values of a pixel, 1 to 4 (default \${DEFAULT-VALUE})."],
    )
    private var channels = 1

    @Option(
        names = ["--sampling"],
        description = [
            "Show the step program that sampling runs, having checked it: what is computed in a" +
                " step, what is kept, and what a pixel costs.",
        ],
    )
    private var sampling = false

    @Option(
        names = ["--out"],
        paramLabel = "DIR",
        description = [
            "Write report.html here, and its parts: receptive-field, field-* for the layers," +
                " mask-* for each kind of layer that reads around its own position," +
                " order-* for each generation order, all as .png and .svg; model.svg, model.dot," +
                " model.mermaid and summary.txt. Of multi-scale in DIR/small and DIR/large.",
        ],
    )
    private var out: Path? = null

    @Option(
        names = ["--report"],
        paramLabel = "FILE",
        converter = [OutputFile::class],
        description = [
            "Write one page of HTML with all of it, which needs no other file. Of multi-scale" +
                " there are two: page.html becomes page-small.html and page-large.html.",
        ],
    )
    private var report: Path? = null

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        out?.let { SavedModels.checkWritable(it, ::misuse) }
        val explained = definitions().map { (part, one) -> part to explain(one, part, console) }
        // Of one model its own, of a pyramid's two each by its name.
        val single = explained.singleOrNull()?.second
        return Outcome(single ?: explained.associate { (part, json) -> "$part" to json })
    }

    private fun explain(
        definition: Definition,
        part: String?,
        console: Console,
    ): Map<String, Any?> {
        if (part != null) console.text.println("The $part image\n")
        val summary = Summary.of(definition).text()
        console.text.print(summary)
        console.text.flush()
        val drawing = if (sampling) SamplingSummary.of(definition).verified() else null
        drawing?.let { show(it, console) }
        val page = report?.fileOf(part)
        page?.let { HtmlReport.write(definition, it) }
        val written = out?.let { write(definition, summary, it.folderOf(part)) }.orEmpty()
        val files = written + listOfNotNull(page)
        files.forEach { console.say("wrote $it") }
        if (part != null) console.text.println()
        return json(definition) +
            ("step_program" to drawing?.let { cost(it, definition.image().pixels()) }) +
            ("files" to files.map { "$it" })
    }

    private fun show(
        drawing: SamplingSummary,
        console: Console,
    ) {
        console.text.print("\n" + drawing.text())
        console.say("checked: each slot holds what is read from it, at every step")
        console.text.flush()
    }

    private fun cost(
        drawing: SamplingSummary,
        pixels: Int,
    ): Map<String, Any?> =
        linkedMapOf(
            "steps" to drawing.steps(),
            "nodes_per_step" to drawing.calls().toDouble() / drawing.steps(),
            "cache_floats" to drawing.cacheFloats(),
            "live_cache_floats" to drawing.liveCacheFloats(),
            "flops_per_pixel" to drawing.flops() / pixels,
            "weight_bytes_per_pixel" to drawing.weightBytes() / pixels,
            "cache_bytes_per_pixel" to drawing.cacheBytes() / pixels,
        )

    private fun definitions(): Map<String?, Definition> {
        val given =
            source?.model?.let { "--model-dir=$it" }
                ?: source?.definition?.let { "--definition=$it" }
        given?.let {
            ModelOptions.refuse(it, ModelOptions.NAMES + ModelOptions.FORM, ::isGiven, ::misuse)
        }
        source?.model?.let { model -> return model.open().use { it.definitions() } }
        source?.definition?.let { return mapOf(null to DefinitionJson.standard().read(it)) }
        network.check(::misuse)
        quantised.check(::misuse)
        return readingOptions {
            network.definitions(ImageSpec(size, size, channels, quantised.levels), ::misuse)
        }
    }

    private fun json(definition: Definition): Map<String, Any?> {
        val report = DefinitionReport.of(definition.proof())
        val image = definition.image()
        return linkedMapOf(
            "name" to definition.name(),
            "height" to image.height(),
            "width" to image.width(),
            "channels" to image.channels(),
            "levels" to image.levels(),
            "layers" to definition.graph().nodes().count { it is Node.Applied },
            "parameters" to definition.parameterCount(),
            "conditions" to definition.conditions().map { it.name() },
            "classes" to classes(definition)?.list(),
            "orders" to definition.orders().map { it.name().orElse("permutation") },
            "receptive_field_pixels" to report.blindSpots().map { it.field().pixels() },
            "blind_spot_pixels" to report.blindSpots().map { it.pixels() },
            "dead_branches" to report.deadBranches(),
            "sees_of_conditions" to
                definition.conditions().filterIsInstance<Condition.Spatial>().associate {
                    val field =
                        ConditionField.of(
                            definition.proof(),
                            it.name(),
                            report.row(),
                            report.column(),
                        )
                    it.name() to field.positions()
                },
        )
    }

    private fun write(
        definition: Definition,
        summary: String,
        folder: Path,
    ): List<Path> {
        folder.createDirectories()
        val figures =
            mapOf("receptive-field" to FieldPicture.of(definition)) +
                named("field", FieldPicture.ofLayers(definition)) +
                named("mask", KernelPicture.ofLayers(definition)) +
                orders(definition).mapValues { OrderPicture.of(it.value) }
        val texts =
            mapOf(
                "report.html" to HtmlReport.of(definition),
                "model.svg" to LayerDiagram.svg(definition),
                "model.dot" to GraphText.dot(definition),
                "model.mermaid" to GraphText.mermaid(definition),
                "summary.txt" to summary,
            )
        figures.forEach { (name, figure) ->
            figure.writePng(folder.resolve("$name.png"))
            figure.writeSvg(folder.resolve("$name.svg"))
        }
        texts.forEach { (file, text) ->
            AtomicFile.write(folder.resolve(file)) { it.write(text.toByteArray()) }
        }
        val names = figures.keys.flatMap { listOf("$it.png", "$it.svg") } + texts.keys
        return names.map { folder.resolve(it) }
    }

    /**
     * Files for layers. A layer's name is a path, of which a file's name has no more than the words;
     * what would be another one's name, also where capitals are the same, is numbered.
     */
    private fun named(
        kind: String,
        figures: Map<String, Figure>,
    ): Map<String, Figure> {
        val taken = mutableSetOf<String>()
        return figures.mapKeys { (layer, _) ->
            val name = "$kind-${layer.replace('/', '-')}"
            (sequenceOf(name) + generateSequence(2) { it + 1 }.map { "$name-$it" })
                .first { taken.add(it.lowercase()) }
        }
    }

    /** A file for each order; raster alone goes without saying. */
    private fun orders(definition: Definition): Map<String, GenerationOrder> =
        definition
            .orders()
            .withIndex()
            .filter { definition.orders().size > 1 || !it.value.isRaster }
            .associate { "order-${it.index + 1}" to it.value }
}
