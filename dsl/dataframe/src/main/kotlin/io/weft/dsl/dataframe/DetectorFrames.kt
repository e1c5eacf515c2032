package io.weft.dsl.dataframe

import io.weft.anomaly.Anomalies
import io.weft.anomaly.AnomalyDetector
import io.weft.anomaly.AnomalyScore
import io.weft.anomaly.AutomaticChoice
import org.jetbrains.kotlinx.dataframe.DataFrame
import org.jetbrains.kotlinx.dataframe.annotations.DataSchema

/** How strange a detector finds an image. */
@DataSchema
public interface AnomalyRow {
    /** Which image, from 0. */
    public val image: Int

    /** Its score: the higher, the stranger. */
    public val score: Double

    /** Its conformal p-value, above 0, at most 1. */
    public val pValue: Double

    /** Whether its p-value is at most the detector's rate of false alarms. */
    public val isAnomalous: Boolean
}

/** A threshold of a detector. */
@DataSchema
public interface ThresholdRow {
    /** What images are scored by. */
    public val score: AnomalyScore

    /** The share of good images that are flagged, at most. */
    public val falseAlarms: Double

    /** The score above which an image is flagged. */
    public val threshold: Double
}

/** How well a score tells good images from what was done to them. */
@DataSchema
public interface ChoiceRow {
    /** What images are scored by. */
    public val score: AnomalyScore

    /** What was done to good images. */
    public val corruption: String

    /** The area under the ROC curve, 0 to 1; 0.5 tells nothing. */
    public val area: Double
}

/** Returns how strange each image is, in the order of the images: [Anomalies] as a table. */
public fun Anomalies.toDataFrame(): DataFrame<AnomalyRow> {
    val images = List(size()) { it }
    return frame(
        column(AnomalyRow::image, images),
        column(AnomalyRow::score, images.map(::score)),
        column(AnomalyRow::pValue, images.map(::pValue)),
        column(AnomalyRow::isAnomalous, images.map(::isAnomalous)),
    )
}

/**
 * Returns the detector's thresholds: by each score, at each rate of false alarms.
 *
 * @param falseAlarms rates above 0 and below 1; the detector's own if left out
 * @throws IllegalArgumentException if there are too few held-out good images for a rate
 */
public fun AnomalyDetector.thresholds(
    falseAlarms: List<Double> = listOf(falseAlarms()),
): DataFrame<ThresholdRow> {
    val all = AnomalyScore.entries.flatMap { score -> falseAlarms.map { score to it } }
    return frame(
        column(ThresholdRow::score, all.map { (score, _) -> score }),
        column(ThresholdRow::falseAlarms, all.map { (_, rate) -> rate }),
        column(ThresholdRow::threshold, all.map { (score, rate) -> threshold(score, rate) }),
    )
}

/** Returns by what the score of a detector was chosen: [AutomaticChoice.areas] as a table. */
public fun AutomaticChoice.toDataFrame(): DataFrame<ChoiceRow> {
    val all =
        areas().flatMap { (score, areas) ->
            areas.map { (of, area) -> Triple(score, of, area) }
        }
    return frame(
        column(ChoiceRow::score, all.map { it.first }),
        column(ChoiceRow::corruption, all.map { it.second }),
        column(ChoiceRow::area, all.map { it.third }),
    )
}
