package io.weft.samples.cli

import io.weft.Model
import io.weft.codec.CodedImages
import io.weft.spec.Condition
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft decompress`: the images of a file that `weft compress` wrote. */
@Command(
    name = "decompress",
    description = ["Decode images that compress has coded with the same model."],
    footer = [
        "",
        "Examples:",
        "  weft decompress --model-dir digits --file digits.weft --stream",
        "  weft decompress --model-dir digits --file digits.weft --png-dir decoded" +
            " --labels classes.csv",
        "  weft decompress --model-dir digits --file digits.weft --image 17 --png one.png",
        "  weft decompress --model-dir digits --file digits.weft --verify",
    ],
)
internal class DecompressCommand : WeftCommand() {
    @Mixin
    private lateinit var coding: CodingOptions

    @Option(
        names = ["--file"],
        required = true,
        paramLabel = "FILE",
        description = ["The file that compress wrote."],
    )
    private lateinit var file: Path

    @Option(
        names = ["--image"],
        paramLabel = "N",
        description = ["Decode one image alone, by its number from 0 (default: all)."],
    )
    private var image: Int? = null

    @Option(
        names = ["--stream"],
        description = ["Show the images in the terminal while their pixels are decoded."],
    )
    private var stream = false

    @Mixin
    private lateinit var sheet: SheetOptions

    @Mixin
    private lateinit var outputs: ImageOutputs

    @Option(
        names = ["--labels"],
        paramLabel = "FILE.csv",
        converter = [OutputFile::class],
        description = ["Write the class of each image, where the model knows classes."],
    )
    private var labels: Path? = null

    @Option(
        names = ["--verify"],
        description = ["Decode everything and compare the checksums, whatever else is asked for."],
    )
    private var verify = false

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        check()
        return coding.use { decompress(it, console, stop) }
    }

    private fun check() {
        sheet.check(::misuse)
        image?.let {
            if (it < 0) misuse("--image=$it; expected a number from 0")
            if (stream) misuse("--image and --stream: one image is decoded before it is shown")
            if (labels != null) misuse("--image and --labels: labels are of all images")
        }
        if (!stream && !sheet.isAny && !outputs.isAny && labels == null && !verify) {
            misuse(
                "nothing to do with the images; add --stream, --png=FILE, --png-dir=DIR," +
                    " --npy=FILE, --labels=FILE or --verify",
            )
        }
    }

    private fun decompress(
        model: Model,
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val coded = readingOptions { coding.codec(model) }.open(file)
        checkImages(coded)
        val classes = model.definition().conditions().filterIsInstance<Condition.OneOf>()
        return CodedDrawable(coded).use { drawable ->
            val drawing = SampleDrawing(drawable, listOf(), stop)
            val started = System.nanoTime()
            val drawn =
                if (stream) {
                    drawing.live(console, coded.size())
                } else {
                    stop.during { decoded(coded, console, stop) }
                }
            labels?.takeIf { !drawn.isStopped }?.let { write(coded, classes, it, console) }
            finish(coded, drawing, drawn, (System.nanoTime() - started) / NANOS, console)
        }
    }

    private fun finish(
        coded: CodedImages,
        drawing: SampleDrawing,
        drawn: DrawnImages,
        seconds: Double,
        console: Console,
    ): Outcome {
        val done = drawn.count
        if (drawn.isStopped) console.note("stopped; $done of ${coded.size()} images were decoded")
        // Before the sheet, for which memory may not suffice.
        val written = outputs.write(drawn.images, asked(coded), coded.spec(), console)
        val png =
            sheet.write(drawn, console) { scale, file ->
                drawing.write(drawn.images, COLUMNS, scale, file)
            }
        if (done > 0) {
            val rate = done / seconds
            console.say(
                format("%s in %.2f s, %.2f a second", counted(done, "image"), seconds, rate),
            )
        }
        return Outcome(
            linkedMapOf(
                "images" to done,
                "bytes" to coded.bytes(),
                "seconds" to seconds,
                "images_per_second" to done / seconds,
                "png" to png?.toString(),
                "labels" to labels?.toString(),
            ) + written,
            if (drawn.isStopped) ExitCode.INTERRUPTED else ExitCode.OK,
        )
    }

    private fun checkImages(coded: CodedImages) {
        val count = coded.size()
        image?.let {
            if (it >= count) misuse("--image=$it, but $file has $count images: 0 to ${count - 1}")
        }
        if (labels != null && !coded.hasLabels()) {
            misuse("--labels=$labels, but $file has no labels; leave it out")
        }
        val missing = coded.missingConditions().map(Condition::name)
        if (missing.isNotEmpty()) {
            throw InputException(
                "$file was coded under $missing, which are not in it; the command line decodes" +
                    " only what is whole, use the library (CodedImages.conditions)",
            )
        }
        outputs.check(asked(coded), ::misuse)
        outputs.checkSize(coded.spec(), asked(coded), ::misuse)
        sheet.checkSize(coded.spec(), asked(coded), COLUMNS, ::misuse)
    }

    /** How many images are asked for. */
    private fun asked(coded: CodedImages) = if (image == null) coded.size() else 1

    /** Whether they are written, and not only looked at. */
    private val isWritten get() = sheet.isAny || outputs.isAny

    private fun decoded(
        coded: CodedImages,
        console: Console,
        stop: StopSignal,
    ): DrawnImages {
        val only = image
        return when {
            only != null && !verify -> {
                DrawnImages(listOf(coded.image(only).levels()), false)
            }

            // Labels are read without the images.
            !isWritten && !verify -> {
                DrawnImages(listOf(), false)
            }

            else -> {
                DrawnImages.of(coded.images(), coded.size(), "decompress", console, stop) {
                    isWritten && (only == null || it == only)
                }
            }
        }
    }

    private fun write(
        coded: CodedImages,
        classes: List<Condition.OneOf>,
        to: Path,
        console: Console,
    ) {
        val names =
            classes.map { condition ->
                coded.labels(condition.name()).map { condition.classes().name(it) }
            }
        val head = if (classes.size == 1) listOf("label") else classes.map { it.name() }
        Csv.write(to) { row ->
            row(listOf("image") + head)
            for (i in 0 until coded.size()) {
                row(listOf("$i") + names.map { it[i] })
            }
        }
        console.say("wrote $to")
    }

    private companion object {
        const val COLUMNS = 10
        const val NANOS = 1e9
    }
}
