package io.weft.samples.cli

import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.spec.Condition
import picocli.CommandLine.Option

/** Under which classes images are scored, where not under their own: one of the two. */
internal class ScoredLabels {
    @Option(
        names = ["--label"],
        required = true,
        paramLabel = "NAME|N",
        description = ["Score all images under this class (default: each under its own)."],
    )
    private var label: String? = null

    @Option(
        names = ["--all-labels"],
        required = true,
        description = ["Score every image under each of the model's classes."],
    )
    var all = false

    /**
     * Returns the images under each class that is asked for, by its name.
     *
     * @throws InputException if the model has no classes
     */
    fun of(
        conditions: List<Condition>,
        images: ImageSet,
        misuse: (String) -> Nothing,
    ): Map<String, Examples> {
        val condition = condition(conditions)
        val classes = condition.classes()
        val labels =
            label?.let { listOf(label(it, classes, misuse)) } ?: List(classes.count()) { it }
        val plain = Examples.of(images)
        return labels.associate { classes.name(it) to plain.under(condition.name(), it) }
    }

    private fun condition(conditions: List<Condition>): Condition.OneOf =
        classCondition(conditions)
            ?: throw InputException(
                "--label and --all-labels are for models with classes; this one is conditioned on" +
                    " " + conditions.joinToString { it.name() }.ifEmpty { "nothing" },
            )
}
