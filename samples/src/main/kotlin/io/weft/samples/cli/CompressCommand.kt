package io.weft.samples.cli

import io.weft.Model
import io.weft.codec.Codec
import io.weft.codec.CodedImages
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.internal.levels.LevelArray
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft compress`: images in as many bits as a model says. */
@Command(
    name = "compress",
    description = ["Code images without loss, in as few bits as a saved model finds them likely."],
    footer = [
        "",
        "Examples:",
        "  weft compress --model-dir digits --data embedded --limit 100 --out digits.weft --verify",
        "  weft compress --model-dir digits --data embedded --out digits.weft --spark spark://host:7077",
        "",
        "The same model decodes the file (weft decompress), on any machine; keep both. Pictures may",
        "have another size than the model's images.",
    ],
)
internal class CompressCommand : WeftCommand() {
    @Mixin
    private lateinit var coding: CodingOptions

    @Mixin
    private lateinit var images: ScoredImages

    @Option(
        names = ["--label"],
        paramLabel = "NAME|N",
        description = ["Code all images under one class, instead of each under its own label."],
    )
    private var label: String? = null

    @Option(
        names = ["--block"],
        paramLabel = "N",
        description = [
            "Images coded together, 1 to 256, of which none is decoded without the others" +
                " (default \${DEFAULT-VALUE}).",
        ],
    )
    private var block = Codec.DEFAULT_IMAGES_PER_BLOCK

    @Option(
        names = ["--out"],
        required = true,
        paramLabel = "FILE",
        converter = [OutputFile::class],
        description = ["The file to write."],
    )
    private lateinit var out: Path

    @Option(
        names = ["--verify"],
        description = ["Decode the file again, and compare every value."],
    )
    private var verify = false

    @Mixin
    private lateinit var spark: FleetOption

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        images.check(::misuse)
        spark.check(mapOf(), ::misuse)
        return coding.use { compress(it, console, stop) }
    }

    private fun compress(
        model: Model,
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val definition = model.definition()
        val own = readingOptions { coding.codec(model) }
        val codec = readingOption("--block=$block") { own.imagesPerBlock(block) }
        val found = images.read(definition.image(), console, ::misuse)
        val examples = examples(model, found, console)
        console.note("coding ${counted(found.size(), "image")} of ${found.spec()}")
        val started = System.nanoTime()
        val coded = readingInput { coded(codec, examples, console, stop) }
        val seconds = (System.nanoTime() - started) / NANOS
        coded.save(out)
        if (verify) {
            stop.during { compare(found, codec.open(out)) }
        }
        say(coded, seconds, console)
        return Outcome(json(coded, seconds) + images.json())
    }

    private fun coded(
        codec: Codec,
        examples: Examples,
        console: Console,
        stop: StopSignal,
    ): CodedImages {
        if (!spark.isGiven) return stop.during { codec.encode(examples) }
        return spark.use(stop) { fleet ->
            console.progress("compress", examples.size().toLong()).use { progress ->
                fleet.compress(codec, examples) { done, _ -> progress.at(done, "images") }
            }
        }
    }

    private fun examples(
        model: Model,
        found: ImageSet,
        console: Console,
    ): Examples {
        val conditions = model.definition().conditions()
        label?.let { given ->
            val condition =
                classCondition(conditions)
                    ?: misuse("--label=$given, but the model takes no classes; leave it out")
            val number = label(given, condition.classes(), ::misuse)
            return Examples.of(found).under(condition.name(), number)
        }
        return ownExamples(conditions, found, console, "name one with --label")
    }

    private fun compare(
        images: ImageSet,
        coded: CodedImages,
    ) {
        coded.images().iterator().use { decoded ->
            decoded.forEachRemaining {
                if (!it.levels().contentEquals(images.image(it.index().toInt()))) {
                    throw WorkException(
                        "image ${it.index()} of $out is not what was coded; this must not happen:" +
                            " keep the images, and report it",
                        IllegalStateException("a coded image differs"),
                    )
                }
            }
        }
    }

    private fun say(
        coded: CodedImages,
        seconds: Double,
        console: Console,
    ) {
        val verified = if (verify) ", verified" else ""
        val bytes = LevelArray.bytesEach(coded.spec())
        console.say(
            "wrote $out: ${counted(coded.size(), "image")} in ${coded.bytes()} bytes$verified",
        )
        console.say(
            format(
                "  %.4f bits per dimension, %d bytes of header; %.1f times less than %s a value;" +
                    " %.1f images a second",
                bits(coded),
                coded.headerBytes(),
                values(coded).toDouble() * bytes / coded.bytes(),
                if (bytes == 1) "one byte" else "two bytes",
                coded.size() / seconds,
            ),
        )
    }

    private fun values(coded: CodedImages) = coded.size().toLong() * coded.spec().values()

    private fun bits(coded: CodedImages) =
        Byte.SIZE_BITS.toDouble() * coded.payloadBytes() / values(coded)

    private fun json(
        coded: CodedImages,
        seconds: Double,
    ): Map<String, Any?> =
        linkedMapOf(
            "images" to coded.size(),
            "bytes" to coded.bytes(),
            "header_bytes" to coded.headerBytes(),
            "blocks" to coded.blocks(),
            "bits_per_dim" to bits(coded),
            "has_labels" to coded.hasLabels(),
            "verified" to verify,
            "seconds" to seconds,
            "images_per_second" to coded.size() / seconds,
            "out" to out.toString(),
        )

    private companion object {
        const val NANOS = 1e9
    }
}
