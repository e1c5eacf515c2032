package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.score.MixtureScores
import io.weft.spec.ImageSpec
import io.weft.watch.CostCurves
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft compare`: how likely several saved models find the same images. */
@Command(
    name = "compare",
    description = [
        "Score the same images under several saved models: which is better, by how much, whether" +
            " that can be chance, and what they cost all together.",
    ],
    footer = [
        "",
        "Example:",
        "  weft compare --model-dir digits --model-dir builtin:digits --data embedded" +
            " --png costs.png",
        "",
        "Together is their ensemble: what draws one of the models evenly, and then an image from" +
            " it. The models may be of other families, orders or conditions, or checkpoints of" +
            " one run; of classes each is told those of the images.",
    ],
)
internal class CompareCommand : WeftCommand() {
    @Option(
        names = ["--model-dir"],
        required = true,
        paramLabel = "DIR",
        description = ["Two models or more: ${ModelSource.DESCRIPTION}"],
        converter = [ModelSource.Converter::class],
    )
    private lateinit var sources: List<ModelSource>

    @Mixin
    private lateinit var scored: ScoredImages

    @Mixin
    private lateinit var order: OrderOptions

    @Option(
        names = ["--png"],
        paramLabel = "FILE.png",
        converter = [OutputFile::class],
        description = ["Draw the share of images that cost at most so many nats, for each model."],
    )
    private var png: Path? = null

    @Option(
        names = ["--per-image"],
        paramLabel = "FILE.csv",
        converter = [OutputFile::class],
        description = [
            "Write each image's log-likelihood under each model, and under all together.",
        ],
    )
    private var perImage: Path? = null

    @Mixin
    private lateinit var place: DeviceOption

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        scored.check(::misuse)
        if (sources.size < 2) {
            val only = sources.single()
            misuse("--model-dir=$only alone; give it twice or more, or use weft score")
        }
        return Saved.using(sources, place.device) { compare(it, console) }
    }

    private fun compare(
        models: List<Saved>,
        console: Console,
    ): Outcome {
        val images = scored.read(form(models), console, ::misuse)
        val each = sources.zip(models) { source, saved -> score(source, saved, images, console) }
        val scores = MixtureScores.of(images.spec(), *each.toTypedArray())
        val names = sources.map { "$it" }
        say(scores, names, console)
        png?.let { file ->
            val title = "What ${counted(images.size(), "image")} cost"
            readingInput { CostCurves.of(scores, names, title) }.writePng(file)
            console.say("wrote $file")
        }
        perImage?.let { write(scores, names, images, it) }
        return Outcome(json(scores, names) + scored.json())
    }

    /** The form of images that all models are for. */
    private fun form(models: List<Saved>): ImageSpec {
        val forms = models.map { it.model.image() }
        val first = forms.first()
        val other = forms.indexOfFirst { it != first }
        if (other >= 0) {
            throw InputException(
                "--model-dir=${sources[other]} is for images of ${forms[other]}, and" +
                    " --model-dir=${sources.first()} for $first; likelihoods of different forms" +
                    " do not compare",
            )
        }
        return first
    }

    private fun score(
        source: ModelSource,
        saved: Saved,
        images: ImageSet,
        console: Console,
    ): DoubleArray {
        console.note("$source")
        val scoring = readingOptions { Scoring.of(saved, order) }
        val examples =
            ownExamples(saved.model.conditions(), images, console, "leave that model out")
        readingInput { examples.check(saved.model.image(), saved.model.conditions()) }
        return scoring
            .of(listOf(examples), console)
            .single()
            .ensemble.logLikelihoods
    }

    private fun say(
        scores: MixtureScores,
        names: List<String>,
        console: Console,
    ) {
        val best = best(scores)
        console.say("${counted(scores.size(), "image")}, in nats an image and bits per dimension:")
        names.forEachIndexed { member, name ->
            val words =
                if (member == best) {
                    "the best alone"
                } else {
                    val behind = scores.advantage(member, best)
                    format(
                        "%+.2f nats (standard error %.2f), better with %.0f %% of the images",
                        -behind.nats(),
                        behind.standardError(),
                        behind.likelier() * PER_CENT,
                    )
                }
            val bits = scores.meanBitsPerDimension(member)
            console.say(line(name, scores.meanNats(member), bits) + words)
        }
        val gain = scores.advantageOver(best)
        console.say(
            line("all together", scores.meanNats(), scores.bitsPerDimension()) +
                format("%+.2f nats (standard error %.2f)", -gain.nats(), gain.standardError()),
        )
    }

    private fun line(
        name: String,
        nats: Double,
        bits: Double,
    ) = format("  %8.2f  %.4f  %s: ", nats, bits, name)

    private fun best(scores: MixtureScores) =
        (0 until scores.members()).minBy { scores.meanNats(it) }

    private fun json(
        scores: MixtureScores,
        names: List<String>,
    ): Map<String, Any?> {
        val best = best(scores)
        return linkedMapOf(
            "images" to scores.size(),
            "best" to names[best],
            "models" to
                names.mapIndexed { member, name ->
                    val behind = scores.advantage(member, best)
                    linkedMapOf(
                        "model" to name,
                        "nats_per_image" to scores.meanNats(member),
                        "bits_per_dim" to scores.meanBitsPerDimension(member),
                        "nats_above_best" to -behind.nats(),
                        "standard_error" to behind.standardError().takeIf { it.isFinite() },
                        "share_better_than_best" to behind.likelier(),
                    )
                },
            "nats_per_image" to scores.meanNats(),
            "bits_per_dim" to scores.bitsPerDimension(),
        )
    }

    private fun write(
        scores: MixtureScores,
        names: List<String>,
        images: ImageSet,
        file: Path,
    ) = Csv.write(file) { row ->
        val under = names.indices.map(scores::under)
        row(listOf("image", "label") + names + listOf("together", "file"))
        for (i in 0 until scores.size()) {
            val logs = under.map { it[i] } + scores.logLikelihood(i)
            row(
                listOf("$i", images.className(i)) +
                    logs.map { format("%.4f", it) } +
                    images.file(i).orElse(""),
            )
        }
    }

    private companion object {
        const val PER_CENT = 100
    }
}
