package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.engine.Device
import io.weft.engine.Precision
import io.weft.optimise.Adam
import io.weft.optimise.AdamW
import io.weft.optimise.RateSchedule
import io.weft.optimise.RmsProp
import io.weft.train.FineTune
import io.weft.train.Keep
import io.weft.train.TrainingEvent
import io.weft.train.TrainingListener
import io.weft.train.TrainingOptions
import io.weft.train.TrainingRecipe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

class TrainingSpec :
    StringSpec({

        "options are the core's" {
            val silent = TrainingListener { }
            trainingOptions(seed = 7) {
                epochs = 3
                batch = 8
                microBatch = 4
                threads = 2
                fineTune = FineTune.KEPT
                adam(rate = 2e-3)
                freeze("first")
                layerRate("second", 0.5)
                weightDecay = 1e-4
                clipNorm = 1.0
                polyak = 0.99
                precision = Precision.BFLOAT16
                validateOn(Tiny.TEST)
                validateEvery = 5
                stopEarly = 2
                keep = Keep.LAST
                checkpointEvery = 4
                listen(silent)
            }.words() shouldBe
                TrainingOptions
                    .seed(7)
                    .epochs(3)
                    .batch(8)
                    .microBatch(4)
                    .threads(2)
                    .fineTune(FineTune.KEPT)
                    .optimiser(Adam.withRate(2e-3))
                    .freeze("first")
                    .layerRate("second", 0.5)
                    .weightDecay(1e-4)
                    .clipNorm(1.0)
                    .polyak(0.99)
                    .precision(Precision.BFLOAT16)
                    .validateOn(Tiny.TEST)
                    .validateEvery(5)
                    .stopEarly(2)
                    .keep(Keep.LAST)
                    .checkpointEvery(4)
                    .listen(silent)
                    .build()
                    .words()
            trainingOptions(seed = 7) {
                adamW(rate = 1e-3, decay = 0.1)
                trainOnly("head")
                validateOn(Tiny.TEST)
                stopEarly(validations = 3, gain = 0.01)
            }.run { "${words()} ${leastGain()}" } shouldBe
                TrainingOptions
                    .seed(7)
                    .optimiser(AdamW.withRate(1e-3).withDecay(0.1))
                    .trainOnly("head")
                    .validateOn(Tiny.TEST)
                    .stopEarly(3, 0.01)
                    .build()
                    .run { "${words()} ${leastGain()}" }
            trainingOptions(seed = 7).words() shouldBe TrainingOptions.seed(7).build().words()
            val schedule = RateSchedule.Exponential(1e-3, 0.9)
            trainingOptions(seed = 1) { adam(schedule) }.optimiser() shouldBe
                Adam.withRate(schedule)
            trainingOptions(seed = 1) { rmsProp(rate = 2e-3) }.optimiser() shouldBe
                RmsProp.withRate(2e-3)
            trainingOptions(seed = 1) { rmsProp(schedule) }.optimiser() shouldBe
                RmsProp.withRate(schedule)
            val heavy = RmsProp.withRate(schedule).withDecay(0.99).withMomentum(0.9)
            trainingOptions(seed = 1) { optimiser(heavy) }.optimiser() shouldBe heavy
            trainingOptions(seed = 1) {
                epochs = 4
                steps = 9
            }.steps(100) shouldBe 9
        }

        "a paper's recipe is taken whole, and can be changed in part" {
            val options =
                trainingOptions(seed = 7) {
                    recipe(TrainingRecipe.PIXELCNN_PLUS_PLUS)
                    polyak = 0.9
                }
            val adam = options.optimiser() as Adam
            adam.beta1() shouldBe 0.95
            adam.beta2() shouldBe 0.9995
            adam.rate().at(0) shouldBe 1e-3
            adam.rate().at(1) shouldBe 1e-3 * 0.999995
            options.averageDecay(1_000_000) shouldBe 0.9
            TrainingOptions
                .seed(7)
                .recipe(TrainingRecipe.PIXELCNN_PLUS_PLUS)
                .build()
                .averageDecay(1_000_000) shouldBe 0.9995
        }

        "options are checked where they are set" {
            shouldThrow<IllegalArgumentException> { trainingOptions(seed = 1) { epochs = 0 } }
                .message shouldBe "epochs: at least 1, found 0"
            shouldThrow<IllegalArgumentException> { trainingOptions(seed = 1) { stopEarly = 1 } }
                .message!! shouldContain "validateOn"
            shouldThrow<IllegalArgumentException> { trainingOptions(seed = 1) { batch = null } }
                .message!! shouldContain "batch cannot be set to null"
            trainingOptions(seed = 1) {
                batch shouldBe null
                batch = 5
                batch shouldBe 5
            }
        }

        "events come in order" {
            Tiny.model().use { model ->
                model
                    .trainingEvents(Tiny.TRAIN, seed = 1) {
                        batch = 32
                        epochs = 2
                        validateOn(Tiny.TEST)
                    }.map { it.javaClass.simpleName + it.step() }
                    .toList() shouldContainExactly
                    listOf("Stepped1", "Stepped2", "Validated2", "Checkpointed2", "Stepped3") +
                    listOf("Stepped4", "Validated4", "Checkpointed4", "Finished4")
            }
        }

        "the flow, the suspending form and the blocking form train alike" {
            val options = trainingOptions(seed = 3) { steps = 3 }
            val blocking =
                Tiny.model().use {
                    it.train(Tiny.TRAIN, options).let { _ ->
                        it.values()
                    }
                }
            Tiny.model().use {
                it.trainingEvents(Tiny.TRAIN, options).collect()
                it.values() shouldBe blocking
            }
            Tiny.model().use {
                it.trainSuspending(Tiny.TRAIN, options)
                it.values() shouldBe blocking
            }
            Tiny.model().use {
                it.trainSuspending(Tiny.TRAIN, seed = 3) { steps = 3 }
                it.values() shouldBe blocking
            }
            Tiny.DEFINITION.trainSuspending(Tiny.TRAIN, seed = 3) { steps = 3 }.use {
                val same = Model.initial(Tiny.DEFINITION, 3)
                same.train(Tiny.TRAIN, options)
                it.values() shouldBe same.values()
                same.close()
            }
        }

        "training learns" {
            Tiny.model().use { model ->
                val before = model.score(Tiny.TEST).bitsPerDimension()
                val seen = mutableListOf<TrainingEvent>()
                val record =
                    model.trainSuspending(Tiny.TRAIN, seed = 3, onEvent = { seen += it }) {
                        epochs = 6
                        adam(rate = 1e-2)
                    }
                model.score(Tiny.TEST).bitsPerDimension() shouldBeLessThan before
                record.outcome() shouldBe "COMPLETED"
                record.lastStep() shouldBe 24
                seen.size shouldBe 26
            }
        }

        "in bfloat16 the loss is float32's within noise, or training says what is missing" {
            suspend fun bits(precision: Precision) =
                Tiny.model().use { model ->
                    model
                        .trainingEvents(Tiny.TRAIN, seed = 1) {
                            steps = 3
                            this.precision = precision
                        }.toList()
                        .filterIsInstance<TrainingEvent.Stepped>()
                        .map { it.bitsPerDimension() }
                }
            val exact = bits(Precision.FLOAT32)
            if (runCatching { Precision.BFLOAT16.check(Device.cpu()) }.isSuccess) {
                bits(Precision.BFLOAT16).zip(exact).forEach { (rounded, expected) ->
                    rounded shouldBe expected.plusOrMinus(0.01 * expected)
                }
            } else {
                shouldThrow<IllegalStateException> { bits(Precision.BFLOAT16) }
                    .message!! shouldContain "float32"
            }
        }

        "the flow is cold, and no step runs ahead of the collector" {
            Tiny.model().use { model ->
                val events =
                    model.trainingEvents(
                        Tiny.TRAIN,
                        trainingOptions(seed = 1) { steps = 50 },
                    )
                model.history() shouldBe emptyList()
                events.take(3).toList().map { it.step() } shouldBe listOf(1L, 2L, 3L)
                model.history().single().lastStep() shouldBe 3
                model.history().single().outcome() shouldBe "CANCELLED"
                events.first().step() shouldBe 4
            }
        }

        "a run that was interrupted is resumed, and ends as if it had not been" {
            val options =
                trainingOptions(seed = 3) {
                    steps = 6
                    adam(RateSchedule.Cosine(1e-2, 6, 0.0))
                    polyak = 0.9
                    validateOn(Tiny.TEST)
                    validateEvery = 2
                }
            val whole =
                Tiny.model().use {
                    it.trainSuspending(Tiny.TRAIN, options)
                    it.values()
                }
            Tiny.model().use { model ->
                model.trainingEvents(Tiny.TRAIN, options).take(4).collect()
                model.resumingEvents(Tiny.TRAIN, options).first().step() shouldBe 3
                model.resumeSuspending(Tiny.TRAIN, options).keptStep() shouldBe
                    model.history().single().keptStep()
                model.values() shouldBe whole
                shouldThrow<IllegalArgumentException> {
                    model.resumeSuspending(Tiny.TRAIN, options)
                }.message!! shouldContain "has taken 6 steps, which is all"
                model.trainSuspending(Tiny.TRAIN, options).firstStep() shouldBe 6
            }
        }

        "a new run has its own schedule" {
            val schedule = RateSchedule.WarmUp(3, RateSchedule.constant(1e-3))
            Tiny.model().use { model ->
                repeat(2) {
                    model
                        .trainingEvents(Tiny.TRAIN, seed = 1) {
                            steps = 3
                            adam(schedule)
                        }.filterIsInstance<TrainingEvent.Stepped>()
                        .map { it.rate() }
                        .toList() shouldContainExactly (0L..2L).map { schedule.at(it) }
                }
            }
        }

        "a collector that throws ends the run" {
            Tiny.model().use { model ->
                shouldThrow<IllegalStateException> {
                    model.trainingEvents(Tiny.TRAIN, seed = 1).collect { error("enough") }
                }.message shouldBe "enough"
                model.history().single().outcome() shouldBe "CANCELLED"
                model.trainSuspending(Tiny.TRAIN, seed = 1) { steps = 1 }.outcome() shouldBe
                    "COMPLETED"
            }
        }

        "cancelling leaves the model usable, with its progress" {
            Tiny.model().use { model ->
                val before = model.values()
                withContext(Dispatchers.Default) {
                    val third = CompletableDeferred<Unit>()
                    val never = CompletableDeferred<Unit>()
                    val job =
                        launch {
                            model.trainSuspending(
                                Tiny.TRAIN,
                                seed = 1,
                                onEvent = {
                                    if (it.step() == 3L) {
                                        third.complete(Unit)
                                        never.await()
                                    }
                                },
                            ) { epochs = 1000 }
                        }
                    third.await()
                    shouldThrow<IllegalStateException> {
                        model.training(
                            Tiny.TRAIN,
                            trainingOptions(1),
                        )
                    }
                    job.cancelAndJoin()
                }
                model.history().single().outcome() shouldBe "CANCELLED"
                model.history().single().lastStep() shouldBe 3
                model.values() shouldNotBe before
                model.score(Tiny.TEST).bitsPerDimension().isFinite() shouldBe true
                model.trainSuspending(Tiny.TRAIN, seed = 1) { steps = 2 }.lastStep() shouldBe 5
            }
        }

        "cancellation needs no cooperation of the collector" {
            Tiny.model().use { model ->
                withContext(Dispatchers.Default) {
                    val started = CompletableDeferred<Unit>()
                    val job =
                        launch {
                            model
                                .trainingEvents(Tiny.TRAIN, seed = 1) { epochs = 1_000_000 }
                                .collect { started.complete(Unit) }
                        }
                    started.await()
                    job.cancelAndJoin()
                }
                model.history().single().outcome() shouldBe "CANCELLED"
            }
        }

        "flowOn moves the steps elsewhere" {
            Tiny.model().use { model ->
                val options = trainingOptions(seed = 1) { steps = 4 }
                model
                    .trainingEvents(Tiny.TRAIN, options)
                    .flowOn(Dispatchers.Default)
                    .toList()
                    .map { it.step() } shouldBe listOf(1L, 2L, 3L, 4L, 4L, 4L)
            }
        }

        "what does not fit is refused when the flow is collected" {
            Tiny.model().use { model ->
                val wrong = model.trainingEvents(Tiny.UNLABELLED, seed = 1)
                shouldThrow<IllegalArgumentException> { wrong.collect() }
                model.history() shouldBe emptyList()
            }
        }

        "a new model is closed when its training is cancelled" {
            shouldThrow<CancellationException> {
                Tiny.DEFINITION.trainSuspending(
                    Tiny.TRAIN,
                    seed = 1,
                    onEvent = { throw CancellationException("stop") },
                )
            }
        }
    }) {
    private companion object {
        /** All that options hold: they have no equality of their own. */
        fun TrainingOptions.words(): String =
            listOf(
                this,
                threads(),
                validation(),
                validateEvery(100),
                patience(),
                keep(),
                checkpointEvery(),
                listeners(),
            ).toString()

        fun Model.values(): Map<String, List<Float>> =
            weights().names().associateWith { weights().values(it).toList() }
    }
}
