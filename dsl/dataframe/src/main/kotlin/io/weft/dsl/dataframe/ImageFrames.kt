package io.weft.dsl.dataframe

import io.weft.data.ImageSet
import org.jetbrains.kotlinx.dataframe.DataColumn
import org.jetbrains.kotlinx.dataframe.DataFrame

/**
 * Returns a table with what is known of its images: a column `label` with the names of their classes,
 * if they have labels, and a column `file` with the files that they were read from, if from files.
 *
 * @receiver a table with a column `image`, such as [Scores.toDataFrame][toDataFrame] returns
 * @param images those that the table is of
 * @throws IllegalArgumentException if the table has an image that they lack
 */
public fun <T> DataFrame<T>.withImages(images: ImageSet): DataFrame<T> {
    val rows = this["image"].toList().map { it as Int }
    rows.find { it >= images.size() }?.let {
        throw IllegalArgumentException(
            "the table has image $it; expected images 0 to ${images.size() - 1}. Give those that it is of",
        )
    }
    val labels =
        DataColumn.createValueColumn(
            "label",
            rows.map { if (images.hasLabels()) images.classNames()[images.label(it)] else "" },
        )
    val files = DataColumn.createValueColumn("file", rows.map { images.file(it).orElse("") })
    return with(listOf(labels, files).filter { column -> column.values().any { it.isNotEmpty() } })
}
