package io.weft.spark

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.dsl.TrainingScope
import io.weft.dsl.trainSuspending
import io.weft.model.GatedPixelCnn
import io.weft.train.TrainingEvent
import org.apache.spark.SparkConf
import org.apache.spark.api.java.JavaSparkContext

class TrainOnSpec :
    StringSpec({
        val digits = EmbeddedDigits.count(24).size(8).levels(4).seed(5).grey()
        val definition = GatedPixelCnn.builder(digits.spec()).maps(4).blocks(1).build()
        val conf =
            SparkConf(false)
                .setMaster("local[2]")
                .setAppName("trainOn")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.ui.enabled", "false")

        fun options(count: Long): TrainingScope.() -> Unit =
            {
                steps = count
                batch = 10
                microBatch = 4
            }

        fun values(model: Model) =
            model.weights().let { w -> w.names().map { w.values(it).toList() } }

        "a run on a fleet, and its rest, have the bits of one process" {
            val examples = Examples.of(digits)
            val events = mutableListOf<TrainingEvent>()
            JavaSparkContext(conf).use { spark ->
                Model.initial(definition, 1).use { alone ->
                    Model.initial(definition, 1).use { spread ->
                        val fleet = Fleet.on(spark)
                        alone.trainSuspending(examples, seed = 7, configure = options(4))
                        spread.trainOn(
                            fleet,
                            examples,
                            seed = 7,
                            onEvent = { events += it },
                            configure = options(2),
                        )
                        spread.resumeOn(fleet, examples, seed = 7, configure = options(4))
                        values(spread) shouldBe values(alone)
                        events.filterIsInstance<TrainingEvent.Stepped>().size shouldBe 2
                    }
                }
            }
        }
    })
