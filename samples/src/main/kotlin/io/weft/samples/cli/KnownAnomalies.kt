package io.weft.samples.cli

import io.weft.anomaly.Anomalies
import io.weft.anomaly.Auroc
import io.weft.data.ImageSet

/** Which of some images are anomalies, where folders say so. */
internal class KnownAnomalies(
    private val images: ImageSet,
    private val goodClass: String,
) {
    /** The areas under the ROC curve of each other class, and of all; none where no class is good. */
    fun areas(found: Anomalies): Map<String, Double> {
        val byClass = (0 until images.size()).groupBy { images.className(it) }
        val good = byClass[goodClass] ?: return mapOf()
        val others = byClass - goodClass
        if (others.isEmpty()) return mapOf()

        fun area(of: List<Int>) = Auroc.of(scores(found, good), scores(found, of))
        val each = others.mapValues { (_, of) -> area(of) }
        return if (each.size == 1) each else each + (ALL to area(others.values.flatten()))
    }

    private fun scores(
        found: Anomalies,
        of: List<Int>,
    ) = DoubleArray(of.size) { found.score(of[it]) }

    private companion object {
        const val ALL = "all anomalies"
    }
}
