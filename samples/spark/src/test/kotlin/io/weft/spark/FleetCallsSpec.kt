package io.weft.spark

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.anomaly.AnomalyDetector
import io.weft.codec.Codec
import io.weft.codec.CodedImages
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.dsl.asFlow
import io.weft.dsl.trainingOptions
import io.weft.engine.Device
import io.weft.model.GatedPixelCnn
import io.weft.model.LocallyMaskedPixelCnn
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScale
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.Scale
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import org.apache.spark.SparkConf
import org.apache.spark.api.java.JavaSparkContext
import java.io.ByteArrayOutputStream
import kotlin.io.path.div
import kotlin.io.path.exists

class FleetCallsSpec :
    StringSpec({
        val digits = EmbeddedDigits.count(60).size(8).levels(4).seed(5).grey()
        val examples = Examples.of(digits)
        val definition = GatedPixelCnn.builder(digits.spec()).maps(4).blocks(1).build()
        val spark =
            JavaSparkContext(
                SparkConf(false)
                    .setMaster("local[2]")
                    .setAppName("calls")
                    .set("spark.driver.host", "127.0.0.1")
                    .set("spark.driver.bindAddress", "127.0.0.1")
                    .set("spark.ui.enabled", "false"),
            )
        val model = Model.initial(definition, 3, Device.jvm())
        val fleet = Fleet.on(spark)
        afterSpec {
            fleet.close()
            model.close()
            spark.close()
        }

        fun jobs() =
            spark
                .statusTracker()
                .activeJobIds
                .toList()

        "scores, files and finds are those of one process" {
            val heard = mutableListOf<Long>()
            val scores =
                fleet.scoreSuspending(model, examples) { done, total ->
                    total shouldBe 60
                    heard += done
                }
            scores.logLikelihoods() shouldBe model.score(examples).logLikelihoods()
            heard.last() shouldBe 60

            val codec = Codec.of(model).imagesPerBlock(16)

            fun bytes(coded: CodedImages) =
                ByteArrayOutputStream().also { coded.writeTo(it) }.toByteArray()
            bytes(fleet.compressSuspending(codec, examples)) shouldBe bytes(codec.encode(examples))

            val options =
                trainingOptions(seed = 1) {
                    steps = 2
                    batch = 8
                }
            val detectors = AnomalyDetector.builder(definition).training(options).falseAlarms(0.3)
            detectors.fit(digits).use {
                val found = fleet.anomaliesSuspending(it, digits)
                found.scores() shouldBe it.check(digits).scores()
            }
        }

        "orders and pyramids score as in one process" {
            val orders = GenerationOrder.eight(GenerationOrder.raster(8, 8)).take(2)
            val masked =
                LocallyMaskedPixelCnn
                    .builder(digits.spec())
                    .maps(4)
                    .blocks(1)
                    .orders(orders)
                    .build()
            Model.initial(masked, 3, Device.jvm()).use { any ->
                fleet.scoreEnsembleSuspending(any, examples).logLikelihoods() shouldBe
                    any.scoreEnsemble(examples).logLikelihoods()
                fleet.scoreSuspending(any, examples, orders[1]).logLikelihoods() shouldBe
                    any.score(examples, orders[1]).logLikelihoods()
            }

            val scale = Scale.subsample(2)
            val small =
                GatedPixelCnn.builder(scale.small(digits.spec())).maps(4).blocks(1).build()
            val large =
                GatedPixelCnn
                    .builder(digits.spec())
                    .maps(4)
                    .blocks(1)
                    .smallImageCondition("small", 2)
                    .build()
            MultiScaleModel
                .initial(MultiScale(small, large, "small", scale), 3, Device.jvm())
                .use { pyramid ->
                    fleet.scoreSuspending(pyramid, examples).logLikelihoods() shouldBe
                        pyramid.score(examples).logLikelihoods()
                    fleet.scoreBoundSuspending(pyramid, examples).logLikelihoods() shouldBe
                        pyramid.scoreBound(examples).logLikelihoods()
                }
        }

        "images flow as they are drawn, and are saved" {
            val sampler = fleet.sample(model, 7).count(6).batch(2)
            val alone =
                model
                    .sampler(7)
                    .count(6)
                    .images()
                    .toList()
                    .map { it.levels().toList() }
            val flow = sampler.images().asFlow().map { it.levels().toList() }
            flow.flowOn(Dispatchers.IO).toList() shouldBe alone
            flow.take(2).toList() shouldBe alone.take(2)

            val folder = tempdir().toPath() / "drawn"
            sampler.imagesPerPart(4).saveToSuspending("$folder")
            (folder / "part-000000000004.npy").exists() shouldBe true
        }

        "cancelling cancels the jobs" {
            coroutineScope {
                val drawing =
                    async {
                        fleet
                            .sample(model, 7)
                            .count(1_000_000)
                            .saveToSuspending("${tempdir().toPath() / "endless"}")
                    }
                while (jobs().isEmpty()) delay(10)
                jobs() shouldHaveSize 1
                drawing.cancelAndJoin()
                shouldThrow<CancellationException> { drawing.await() }
            }
            while (jobs().isNotEmpty()) delay(10)
            jobs().shouldBeEmpty()
        }
    })
