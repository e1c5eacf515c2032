package io.weft.dsl.dataframe

import io.weft.score.Scores
import org.jetbrains.kotlinx.dataframe.DataFrame
import org.jetbrains.kotlinx.dataframe.annotations.DataSchema

/** How likely a model finds an image. */
@DataSchema
public interface ScoreRow {
    /** Which image, from 0. */
    public val image: Int

    /** Its cost, the negative log-likelihood, in nats. */
    public val nats: Double

    /** Its cost in bits per dimension. */
    public val bitsPerDimension: Double
}

/** Returns what each image costs, in the order of the images: [Scores] as a table. */
public fun Scores.toDataFrame(): DataFrame<ScoreRow> {
    val images = List(size()) { it }
    return frame(
        column(ScoreRow::image, images),
        column(ScoreRow::nats, images.map(::nats)),
        column(ScoreRow::bitsPerDimension, images.map(::bitsPerDimension)),
    )
}
