package io.weft.dsl.dataframe

import io.weft.watch.TrainingHistory
import org.jetbrains.kotlinx.dataframe.DataColumn
import org.jetbrains.kotlinx.dataframe.DataFrame
import org.jetbrains.kotlinx.dataframe.annotations.DataSchema
import org.jetbrains.kotlinx.dataframe.api.dataFrameOf

/** Some steps of a training together; or a validation, which has [validationBits]. */
@DataSchema
public interface HistoryRow {
    /** The last of the steps, counted from the start of the model's training. */
    public val step: Long

    /** Its pass over the examples, from 1. */
    public val epoch: Int

    /** Mean bits per dimension of the steps' batches; at a validation, of those since the last. */
    public val trainingBits: Double

    /** Bits per dimension of the validation examples. */
    public val validationBits: Double?

    /** The mean global norm of the gradients, before clipping. */
    public val gradientNorm: Double?

    /** The learning rate of the last step. */
    public val learningRate: Double?

    /** The images of the steps by the time that they took. */
    public val imagesPerSecond: Double?

    /** The mean time of a step in which it waited for its batch, in seconds. */
    public val inputSeconds: Double?

    /** The mean time of a step in TensorFlow, in seconds. */
    public val runSeconds: Double?

    /** The mean rest of a step's time, in seconds. */
    public val restSeconds: Double?

    /** How long training has lasted, in seconds. */
    public val seconds: Double
}

/**
 * Returns the history as the table that [TrainingHistory.csv] writes, the rows by steps. Own metrics,
 * if there are any, are the columns of a group `metrics`, empty but at validations.
 */
public fun TrainingHistory.toDataFrame(): DataFrame<HistoryRow> {
    val rows =
        (steps().map { Row(it, null) } + validations().map { Row(null, it) }).sortedBy { it.step }
    val table =
        frame<HistoryRow>(
            column(HistoryRow::step, rows.map { it.step }),
            column(HistoryRow::epoch, rows.map { it.of({ epoch() }, { epoch() }) }),
            column(
                HistoryRow::trainingBits,
                rows.map { it.of({ trainingBits() }, { trainingBits() }) },
            ),
            column(HistoryRow::validationBits, rows.map { it.validation?.validationBits() }),
            column(HistoryRow::gradientNorm, rows.map { it.steps?.gradientNorm() }),
            column(HistoryRow::learningRate, rows.map { it.steps?.learningRate() }),
            column(HistoryRow::imagesPerSecond, rows.map { it.steps?.imagesPerSecond() }),
            column(HistoryRow::inputSeconds, rows.map { it.steps?.inputSeconds() }),
            column(HistoryRow::runSeconds, rows.map { it.steps?.runSeconds() }),
            column(HistoryRow::restSeconds, rows.map { it.steps?.restSeconds() }),
            column(HistoryRow::seconds, rows.map { it.of({ seconds() }, { seconds() }) }),
        )
    if (metricNames().isEmpty()) return table
    val metrics =
        metricNames().map { name ->
            DataColumn.createValueColumn(name, rows.map { it.validation?.metrics()?.get(name) })
        }
    return table.with(listOf(DataColumn.createColumnGroup("metrics", dataFrameOf(metrics))))
}

/** Either of what a history has. */
private class Row(
    val steps: TrainingHistory.Steps?,
    val validation: TrainingHistory.Validation?,
) {
    val step: Long = of({ step() }, { step() })

    fun <T> of(
        ofSteps: TrainingHistory.Steps.() -> T,
        ofValidation: TrainingHistory.Validation.() -> T,
    ): T = steps?.ofSteps() ?: validation!!.ofValidation()
}
