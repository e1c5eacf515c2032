package io.weft.samples.cli

import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.define.Definition
import io.weft.spec.ClassNames
import io.weft.spec.Condition

/** The class condition of a model that has no other, null where it is none. */
internal fun classCondition(definition: Definition): Condition.OneOf? =
    classCondition(definition.conditions())

/** The class condition of some that are no others, null where there is none. */
internal fun classCondition(conditions: List<Condition>): Condition.OneOf? =
    conditions.singleOrNull() as? Condition.OneOf

/** What a model calls its classes, null where it has none. */
internal fun classes(definition: Definition): ClassNames? = classes(definition.conditions())

/** What the class among some conditions is called, null where it is not the only one. */
internal fun classes(conditions: List<Condition>): ClassNames? =
    classCondition(conditions)?.classes()

/** The label that `--label` means, by a name or a number. */
internal fun label(
    given: String,
    classes: ClassNames,
    misuse: (String) -> Nothing,
): Int =
    try {
        classes.label(given)
    } catch (e: IllegalArgumentException) {
        misuse("--label=$given: ${e.message}")
    }

/** The names with their labels, such as "cat -> 0, dog -> 1"; of very many the first. */
internal fun ClassNames.labelled(): String =
    if (list() == List(count()) { "$it" }) {
        "$this, each with its number as label"
    } else {
        list().withIndex().joinToString(limit = MOST_SHOWN) { (label, name) -> "$name -> $label" }
    }

private const val MOST_SHOWN = 100

/**
 * Says how data come to be matched to the classes of a model that has no names for them. Models
 * were saved without names before there were any, and folders then came in the order of text.
 */
internal fun ClassNames.noteIfTakenInOrder(
    console: Console,
    images: ImageSet,
) {
    if (!areNumbers() || !images.hasLabels()) return
    val data = ClassNames.of(images.classNames())
    if (isTakenInOrder(data)) {
        console.note(
            "the model has no names for its classes; the data's are taken in their order:" +
                " ${data.labelled()}",
        )
    } else if (data.list() != data.list().sorted()) {
        console.note(
            "the model has no names for its classes; the data's are taken to be its numbers. If" +
                " it was trained on folders by an earlier Weft, these were counted in the order" +
                " of text: ${ClassNames.of(data.list().sorted())}",
        )
    }
}

/**
 * The images for a model, each under its own class where that has classes.
 *
 * @param otherwise what to do where the data have no labels
 */
internal fun ownExamples(
    conditions: List<Condition>,
    images: ImageSet,
    console: Console,
    otherwise: String,
): Examples {
    classCondition(conditions)?.classes()?.let {
        it.noteIfTakenInOrder(console, images)
        if (!images.hasLabels()) {
            throw InputException(
                "the model needs the class of each image, and the data have no labels; $otherwise",
            )
        }
    }
    return readingInput { Examples.suiting(conditions, images) }
}
