package io.weft.dsl.dataframe

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.anomaly.AnomalyDetector
import io.weft.anomaly.AnomalyScore
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.dsl.gatedPixelCnn
import io.weft.dsl.trainingOptions
import io.weft.engine.Device
import io.weft.score.Scores
import io.weft.spec.ImageSpec
import io.weft.watch.TrainingHistory
import org.jetbrains.kotlinx.dataframe.api.filter
import org.jetbrains.kotlinx.dataframe.api.getColumnGroup
import org.jetbrains.kotlinx.dataframe.api.sortByDesc
import kotlin.math.ln
import kotlin.reflect.typeOf

/** What a table says is what the value says that it is of. */
class FramesSpec :
    StringSpec({
        val pair = ImageSpec(1, 2, 1, 4)

        "scores: what each image costs, and the unlikeliest first" {
            val scores = Scores.of(pair, floatArrayOf(-1f, -2f, -3f, -5f)).toDataFrame()
            scores.columnNames() shouldBe listOf("image", "nats", "bitsPerDimension")
            scores[ScoreRow::nats].toList() shouldBe listOf(3.0, 8.0)
            scores[ScoreRow::bitsPerDimension][1] shouldBe (4 / ln(2.0) plusOrMinus 1e-12)
            scores.sortByDesc(ScoreRow::nats)[ScoreRow::image][0] shouldBe 1
        }

        "a table of no images has its columns, with their types" {
            val none = Scores.of(pair, floatArrayOf()).toDataFrame()
            none.columnNames() shouldBe listOf("image", "nats", "bitsPerDimension")
            none[ScoreRow::nats].type() shouldBe typeOf<Double>()
        }

        "images: their classes and files, if they have any" {
            val labelled =
                ImageSet
                    .of(pair, intArrayOf(0, 1, 2, 3))
                    .labelled(intArrayOf(1, 0), listOf("dog", "cat"))
            val scores = Scores.of(pair, floatArrayOf(-1f, -2f, -3f, -5f)).toDataFrame()
            val known = scores.sortByDesc(ScoreRow::nats).withImages(labelled)
            known.columnNames() shouldBe listOf("image", "nats", "bitsPerDimension", "label")
            known["label"].toList() shouldBe listOf("dog", "cat")
            scores.withImages(labelled.unlabelled()) shouldBe scores
            shouldThrow<IllegalArgumentException> {
                scores.withImages(labelled.select(0))
            }.message shouldContain "the table has image 1; expected images 0 to 0"
        }

        "a history: the table that its CSV is, with own metrics in a group" {
            val history =
                TrainingHistory(
                    listOf(TrainingHistory.Steps(5, 1, 2.0, 0.5, 1e-3, 100.0, 0.1, 0.2, 0.3, 6.0)),
                    listOf(
                        TrainingHistory.Validation(5, 1, 2.0, 2.5, 7.0, mapOf("accuracy" to 0.75)),
                    ),
                )
            val table = history.toDataFrame()
            val header = history.csv().lines().first().split(',')
            table.columnNames() shouldBe header.dropLast(1) + "metrics"
            table[HistoryRow::step].toList() shouldBe listOf(5L, 5L)
            table[HistoryRow::validationBits].toList() shouldBe listOf(null, 2.5)
            table[HistoryRow::gradientNorm].toList() shouldBe listOf(0.5, null)
            table[HistoryRow::seconds].toList() shouldBe listOf(6.0, 7.0)
            table.getColumnGroup("metrics")["accuracy"].toList() shouldBe listOf(null, 0.75)
            history
                .upTo(1)
                .toDataFrame()
                .columnNames() shouldBe header.dropLast(1)
        }

        "classes: a row for each image and class" {
            Model.builtin("digits", Device.jvm()).use { model ->
                val digits = EmbeddedDigits.count(3).size(16).levels(4).seed(5).grey()
                val posterior = model.classify(Examples.of(digits))
                val table = posterior.toDataFrame()
                table.rowsCount() shouldBe 30
                val second = table.filter { it[PosteriorRow::image] == 1 }
                second[PosteriorRow::className].toList() shouldBe List(10) { label -> "$label" }
                second[PosteriorRow::probability].toList() shouldBe
                    posterior.probabilities(1).toList()
                second
                    .filter { it[PosteriorRow::isMostProbable] }[PosteriorRow::className]
                    .toList() shouldBe listOf("${posterior.mostProbable(1)}")
            }
        }

        "detectors: thresholds, what a score was chosen by, and what was found" {
            val digits = EmbeddedDigits.count(240).size(8).levels(2).seed(1).grey()
            val definition =
                gatedPixelCnn(digits.spec()) {
                    blocks(1)
                    maps(4)
                }
            val training = trainingOptions(seed = 1) { steps = 2 }
            AnomalyDetector.builder(definition).training(training).fit(digits).use { detector ->
                val own = detector.thresholds()
                own[ThresholdRow::score].toList() shouldBe AnomalyScore.entries
                own
                    .filter { it[ThresholdRow::score] == detector.score() }[ThresholdRow::threshold]
                    .toList() shouldBe listOf(detector.threshold())
                val joint =
                    detector.thresholds(listOf(0.1, 0.5)).filter {
                        it[ThresholdRow::score] == AnomalyScore.JOINT
                    }
                joint[ThresholdRow::threshold].toList() shouldBe
                    listOf(0.1, 0.5).map { detector.threshold(AnomalyScore.JOINT, it) }

                val choice = detector.choice().get()
                val areas = choice.toDataFrame()
                areas
                    .filter { it[ChoiceRow::score] == choice.best() }[ChoiceRow::area]
                    .toList()
                    .average() shouldBe (choice.mean(choice.best()) plusOrMinus 1e-12)

                val found = detector.check(digits.take(5))
                val table = found.toDataFrame()
                table[AnomalyRow::score].toList() shouldBe found.scores().toList()
                table[AnomalyRow::pValue].toList() shouldBe List(5, found::pValue)
                table[AnomalyRow::isAnomalous].toList() shouldBe List(5, found::isAnomalous)
            }
        }
    })
