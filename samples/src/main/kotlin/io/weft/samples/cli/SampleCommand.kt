package io.weft.samples.cli

import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** `weft sample`: draws images from a saved model. */
@Command(
    name = "sample",
    description = ["Draw images from a saved model."],
    footer = [
        "",
        "Examples:",
        "  weft sample --model-dir digits --count 10 --stream",
        "  weft sample --model-dir digits --count 64 --label 3 --png threes.png",
        "  weft sample --model-dir digits --count 1000 --png-dir samples --npy samples.npy",
        "  weft sample --model-dir digits --count 1000 --npy all.npy --spark spark://host:7077",
        "",
        "The same seed gives the same images, whatever the batch, shown live or not.",
        "Ctrl-C stops at the next pixel; files get the images that were finished.",
    ],
)
internal class SampleCommand : WeftCommand() {
    @Mixin
    private lateinit var given: ModelDirOption

    @Option(
        names = ["--count"],
        paramLabel = "N",
        description = ["How many images (default \${DEFAULT-VALUE})."],
    )
    private var count = 10

    @Mixin
    private lateinit var options: DrawingOptions

    @Mixin
    private lateinit var outputs: ImageOutputs

    @Mixin
    private lateinit var spark: FleetOption

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        if (count < 1) misuse("--count=$count; expected 1 or more")
        spark.check(mapOf("--stream" to "the workers draw whole images: give --png=FILE"), ::misuse)
        options.check(outputs.isAny, ::misuse)
        outputs.check(count, ::misuse)
        return given.source.open(options.place.device).use { saved ->
            val classes = options.classes(saved.model.conditions(), count, ::misuse)
            options.sheet.checkSize(saved.model.image(), count, COLUMNS, ::misuse)
            outputs.checkSize(saved.model.image(), count, ::misuse)
            val drawable = readingOptions { options.drawable(saved, count, classes) }
            val single = spark.drawing(saved)
            val drawing = SampleDrawing(drawable, classes?.names.orEmpty(), stop)
            val started = System.nanoTime()
            val drawn =
                if (single == null) {
                    options.draw(drawing, console)
                } else {
                    spark.use(stop) { fleet ->
                        val sampler =
                            readingOptions { options.sampler(fleet, single, count, classes) }
                        DrawnImages.of(sampler.images(), count, "sample", console, stop)
                    }
                }
            val seconds = (System.nanoTime() - started) / NANOS
            val done = drawn.images.size
            if (drawn.isStopped) {
                console.note("stopped; $done of $count images were finished")
            }
            // Before the sheet, for which memory may not suffice.
            val written = outputs.write(drawn.images, count, saved.model.image(), console)
            val png =
                options.sheet.write(drawn, console) { scale, file ->
                    drawing.write(drawn.images, COLUMNS, scale, file)
                }
            console.say(
                format(
                    "%s in %.2f s, %.2f a second",
                    counted(done, "image"),
                    seconds,
                    done / seconds,
                ),
            )
            Outcome(
                linkedMapOf(
                    "images" to done,
                    "seed" to options.seed,
                    "temperature" to options.temperature,
                    "labels" to classes?.names?.take(done),
                    "seconds" to seconds,
                    "images_per_second" to done / seconds,
                    "png" to png?.toString(),
                ) + written,
                if (drawn.isStopped) ExitCode.INTERRUPTED else ExitCode.OK,
            )
        }
    }

    private companion object {
        const val COLUMNS = 10
        const val NANOS = 1e9
    }
}
