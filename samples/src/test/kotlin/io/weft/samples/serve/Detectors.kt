package io.weft.samples.serve

import io.weft.Model
import io.weft.anomaly.AnomalyDetector
import io.weft.data.EmbeddedDigits
import io.weft.model.PixelCnn

/** Makes a detector of digits whose models nobody has trained: quick, and no good. */
internal fun untrainedDetector(): AnomalyDetector {
    val good = EmbeddedDigits.count(60).size(16).levels(4).seed(1).grey()
    val definition = PixelCnn.builder(good.spec()).name("good").blocks(1).maps(4).build()
    val (model, background) = listOf(1L, 2L).map { Model.initial(definition, it) }
    return AnomalyDetector.of(model, background, good, 0.125, 1)
}
