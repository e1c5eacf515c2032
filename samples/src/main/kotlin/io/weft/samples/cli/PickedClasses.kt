package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.score.ClassPosterior
import io.weft.score.Confusion
import io.weft.spec.ClassNames
import java.nio.file.Path

/** The classes that images were found to be of, beside their own where the model knows these. */
internal class PickedClasses(
    private val posterior: ClassPosterior,
    private val images: ImageSet,
) {
    private val classes = posterior.classes()

    private val own = OwnLabels(classes, images)
    private val known = own.known
    private val confusion =
        Confusion.of(
            classes,
            known.map { checkNotNull(own[it]) }.toIntArray(),
            known.map { posterior.mostProbable(it) }.toIntArray(),
        )

    /** The images with labels, those first whose own class is the least probable. */
    val suspects: List<Int> = known.sortedBy { ownProbability(it) }

    private fun ownProbability(image: Int): Double? =
        own[image]?.let { posterior.probability(image, it) }

    private fun picked(image: Int): String = classes.name(posterior.mostProbable(image))

    /** The class that an image has, and the one that it was found to be of. */
    fun caption(image: Int): String = "${images.className(image)}: ${picked(image)}"

    /** Prints the first images one by one, and how often the classes are right. */
    fun say(console: Console) {
        for (image in 0 until minOf(images.size(), SHOWN)) {
            val label = posterior.mostProbable(image)
            val what = images.file(image).orElse("image $image")
            console.say(
                format("%s: %s (%.3f)", what, picked(image), posterior.probability(image, label)),
            )
        }
        if (images.size() > SHOWN) console.say("and ${images.size() - SHOWN} more (--per-image)")
        if (known.isEmpty()) return
        console.say(
            format(
                "accuracy: %.2f %%, %d of %d images are taken for what they are",
                PERCENT * confusion.accuracy(),
                confusion.right(),
                confusion.images(),
            ),
        )
        if (classes.count() <= MOST_CLASSES) table().forEach(console::say)
    }

    /** A row for each class that images have, a column for each that was found. */
    private fun table(): List<String> {
        val width = (classes.list() + "${confusion.images()}").maxOf { it.length } + 1
        val rows = listOf(listOf("") + classes.list()) + classes.list().mapIndexed(::row)
        return rows.map { row -> "  " + row.joinToString("") { it.padStart(width) } }
    }

    private fun row(
        own: Int,
        name: String,
    ) = listOf(name) + List(classes.count()) { "${confusion.count(own, it)}" }

    /** The same as fields of JSON. */
    fun json(): Map<String, Any?> =
        linkedMapOf(
            "images" to images.size(),
            "classes" to classes.list(),
            "found" to
                List(classes.count()) { label ->
                    (0 until images.size()).count { posterior.mostProbable(it) == label }
                },
            "labelled" to known.size,
            "accuracy" to confusion.accuracy().takeIf { known.isNotEmpty() },
            "confusion" to
                List(classes.count()) { own ->
                    List(classes.count()) { confusion.count(own, it) }
                }.takeIf { known.isNotEmpty() },
        )

    /** Writes a row for each image, with a column for each class. */
    fun write(file: Path) =
        Csv.write(file) { row ->
            val columns = classes.list().map { "probability:$it" }
            val first = listOf("image", "label", "class", "probability", "own_probability")
            row(first + columns + "file")
            for (image in 0 until images.size()) {
                val each = posterior.probabilities(image)
                val about =
                    listOf(
                        "$image",
                        images.className(image),
                        picked(image),
                        format("%.6f", each.max()),
                        ownProbability(image)?.let { format("%.6g", it) }.orEmpty(),
                    )
                val file = images.file(image).orElse("")
                row(about + each.map { format("%.6g", it) } + file)
            }
        }

    private companion object {
        const val PERCENT = 100
        const val SHOWN = 10
        const val MOST_CLASSES = 20
    }
}
