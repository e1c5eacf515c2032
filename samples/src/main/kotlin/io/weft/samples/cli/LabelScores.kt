package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.score.ClassScores
import io.weft.spec.ClassNames
import java.nio.file.Path

/** What images score under each class of a model, whatever their own is. */
internal class LabelScores(
    private val classes: ClassNames,
    private val images: ImageSet,
    each: List<OrderScores>,
) {
    private val means = classes.list().zip(each.map { it.ensemble })
    private val scores = ClassScores.of(classes, means.map { (_, one) -> one.logLikelihoods })

    private val own = OwnLabels(classes, images)
    private val known = own.known

    /** The share of them that are likeliest under their own class, null where there are none. */
    private val ownLikeliest: Double? =
        known
            .map { if (scores.likeliest(it) == own[it]) 1.0 else 0.0 }
            .average()
            .takeIf { known.isNotEmpty() }

    private fun likeliest(image: Int): String = classes.name(scores.likeliest(image))

    /** Prints the mean under each class. */
    fun say(console: Console) {
        console.say("${counted(images.size(), "image")} under each class:")
        means.forEach { (name, mean) -> console.say("  $name: $mean") }
        ownLikeliest?.let {
            console.say(
                format("likeliest under their own: %.1f %% of %d images", PERCENT * it, known.size),
            )
        }
    }

    /** The same as fields of JSON. */
    fun json(): Map<String, Any?> =
        linkedMapOf(
            "images" to images.size(),
            "labels" to means.associate { (name, mean) -> name to mean.json() },
            "own_label_likeliest" to ownLikeliest,
        )

    /** Writes a row for each image, with a column for each class. */
    fun write(file: Path) =
        Csv.write(file) { row ->
            val columns = classes.list().map { "log_likelihood:$it" }
            row(listOf("image", "label", "likeliest") + columns + "file")
            for (image in 0 until images.size()) {
                val under =
                    List(classes.count()) { format("%.4f", scores.logLikelihood(image, it)) }
                val own = listOf("$image", images.className(image), likeliest(image))
                row(own + under + images.file(image).orElse(""))
            }
        }

    private companion object {
        const val PERCENT = 100
    }
}
