package io.weft.samples.cli

import io.weft.ImageModel
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.score.ClassPosterior
import io.weft.score.ClassScores
import io.weft.spec.Condition
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft classify`: of which class a saved model finds images to be. */
@Command(
    name = "classify",
    description = ["Find the class of images, by Bayes' rule from their likelihood under each."],
    footer = ["", "Example:", "  weft classify --model-dir digits --data embedded"],
)
internal class ClassifyCommand : WeftCommand() {
    @Mixin
    private lateinit var given: ModelDirOption

    @Mixin
    private lateinit var images: ScoredImages

    @Mixin
    private lateinit var order: OrderOptions

    @Option(
        names = ["--priors"],
        split = ",",
        paramLabel = "P",
        description = [
            "How probable each class is before an image is seen, in the order of the model's" +
                " classes; 1 in all (default: all alike).",
        ],
    )
    private var priors: DoubleArray? = null

    @Option(
        names = ["--per-image"],
        paramLabel = "FILE.csv",
        converter = [OutputFile::class],
        description = [
            "Write for each image its number, label, the class found, how probable that and its" +
                " own label are, how probable each class is, and the file that it comes from.",
        ],
    )
    private var perImage: Path? = null

    @Option(
        names = ["--sheet"],
        paramLabel = "FILE.png",
        converter = [OutputFile::class],
        description = [
            "Write a sheet of the ${SuspectSheet.MOST} images that are the least likely to be of" +
                " their own class, each above its label and the class found: in --part=train," +
                " those whose label may be wrong.",
        ],
    )
    private var sheet: Path? = null

    @Mixin
    private lateinit var place: DeviceOption

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        images.check(::misuse)
        return given.source.open(place.device).use { classify(it, console) }
    }

    private fun classify(
        saved: Saved,
        console: Console,
    ): Outcome {
        val model = saved.model
        val condition =
            classCondition(model.conditions())
                ?: throw InputException(
                    "--model-dir=${given.source} is no model of classes; train one with --classes",
                )
        val found = images.read(model.image(), console, ::misuse)
        condition.classes().noteIfTakenInOrder(console, found)
        if (sheet != null && OwnLabels(condition.classes(), found).known.isEmpty()) {
            throw InputException("--sheet: none of the images has a label that the model knows")
        }
        // Of no images: what is wrong with the priors is found before all are scored.
        posterior(ClassScores.of(condition.classes(), List(condition.count()) { DoubleArray(0) }))
        val scoring = readingOptions { Scoring.of(saved, order) }
        val posterior = posterior(scores(model, scoring, condition, found, console))
        val picked = PickedClasses(posterior, found)
        picked.say(console)
        perImage?.let { picked.write(it) }
        sheet?.let { SuspectSheet.write(found, picked.suspects, it, console, picked::caption) }
        return Outcome(picked.json() + images.json())
    }

    private fun scores(
        model: ImageModel,
        scoring: Scoring,
        condition: Condition.OneOf,
        images: ImageSet,
        console: Console,
    ): ClassScores {
        val plain = Examples.of(images)
        val each = List(condition.count()) { plain.under(condition.name(), it) }
        readingInput { each.first().check(model.image(), model.conditions()) }
        val scores = scoring.of(each, console)
        return ClassScores.of(condition.classes(), scores.map { it.ensemble.logLikelihoods })
    }

    private fun posterior(scores: ClassScores): ClassPosterior =
        priors?.let {
            try {
                scores.posterior(*it)
            } catch (e: IllegalArgumentException) {
                misuse("--priors: ${e.message}")
            }
        } ?: scores.posterior()
}
