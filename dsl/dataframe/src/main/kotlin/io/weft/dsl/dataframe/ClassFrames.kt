package io.weft.dsl.dataframe

import io.weft.score.ClassPosterior
import org.jetbrains.kotlinx.dataframe.DataFrame
import org.jetbrains.kotlinx.dataframe.annotations.DataSchema

/** How probable it is that an image is of a class. */
@DataSchema
public interface PosteriorRow {
    /** Which image, from 0. */
    public val image: Int

    /** The name of the class. */
    public val className: String

    /** How probable that class is, given the image: 0 to 1, of all classes of an image 1. */
    public val probability: Double

    /** Whether no class is more probable, of several the first. */
    public val isMostProbable: Boolean
}

/**
 * Returns how probable each class is, given each image: [ClassPosterior] as a table, a row for each
 * image and class, in the order of both.
 */
public fun ClassPosterior.toDataFrame(): DataFrame<PosteriorRow> {
    val all = List(size()) { it }.flatMap { image -> List(classes().count()) { image to it } }
    return frame(
        column(PosteriorRow::image, all.map { (image, _) -> image }),
        column(PosteriorRow::className, all.map { (_, label) -> classes().name(label) }),
        column(PosteriorRow::probability, all.map { (image, label) -> probability(image, label) }),
        column(
            PosteriorRow::isMostProbable,
            all.map { (image, label) -> mostProbable(image) == label },
        ),
    )
}
