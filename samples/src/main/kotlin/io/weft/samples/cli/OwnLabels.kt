package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.spec.ClassNames

/** The own classes of images by a model's count, as far as it knows them. */
internal class OwnLabels(
    classes: ClassNames,
    images: ImageSet,
) {
    private val each: List<Int?> =
        if (images.hasLabels()) {
            val data = ClassNames.of(images.classNames())
            val isInOrder = classes.isTakenInOrder(data)
            List(images.size()) {
                val isKnown = isInOrder || images.className(it) in classes.list()
                if (isKnown) classes.labelOf(data, images.label(it)) else null
            }
        } else {
            List(images.size()) { null }
        }

    /** The images whose class the model knows. */
    val known: List<Int> = each.indices.filter { each[it] != null }

    /** The label of an image, null where the model does not know it. */
    operator fun get(image: Int): Int? = each[image]
}

/** What the class of an image is called; "" where it has none. */
internal fun ImageSet.className(image: Int): String =
    if (hasLabels()) classNames()[label(image)] else ""
