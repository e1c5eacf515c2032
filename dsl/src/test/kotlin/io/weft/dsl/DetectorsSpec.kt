package io.weft.dsl

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.anomaly.AnomalyDetector
import io.weft.anomaly.AnomalyScore
import io.weft.data.EmbeddedDigits

class DetectorsSpec :
    StringSpec({
        val digits =
            EmbeddedDigits
                .count(240)
                .size(8)
                .levels(2)
                .seed(1)
                .grey()
        val definition =
            gatedPixelCnn(digits.spec()) {
                blocks(1)
                maps(4)
            }

        "a detector is fit, checks, is saved and loaded, all suspending" {
            val folder = tempdir().toPath().resolve("detector")
            // region detector
            val detector =
                fitDetectorSuspending(definition, digits) {
                    training(trainingOptions(seed = 1) { steps = 20 })
                    falseAlarms(0.1)
                }
            detector.use {
                val found = it.checkSuspending(digits.take(10))
                found.strangestFirst().take(3).forEach { image ->
                    println("image $image: p = ${found.pValue(image)}")
                }
                it.saveSuspending(folder)
            }
            // endregion
            detector.falseAlarms() shouldBe 0.1
            loadDetectorSuspending(folder).use { again ->
                again.score() shouldBe detector.score()
                again.threshold() shouldBe detector.threshold()
                again.check(digits.take(3)).by(AnomalyScore.LIKELIHOOD).size() shouldBe 3
            }
        }

        "a detector of models that are there is what the blocking call gives" {
            val models = { seed: Long -> Model.initial(definition, seed) }
            val expected = AnomalyDetector.of(models(1), models(2), digits, 0.1, 3)
            detectorSuspending(models(1), models(2), digits, 0.1, 3).use { detector ->
                expected.use { detector.threshold() shouldBe it.threshold() }
            }
        }
    })
