package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import io.weft.ImageModel
import io.weft.Model
import io.weft.codec.Codec
import io.weft.codec.CodedImages
import io.weft.complete.Half
import io.weft.complete.PixelMask
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.internal.Seam
import io.weft.order.GenerationOrder
import io.weft.pyramid.MultiScaleListener
import io.weft.pyramid.MultiScaleModel
import io.weft.pyramid.MultiScaleSampler
import io.weft.sample.Sampler
import io.weft.sample.Samples
import io.weft.sample.SamplingExecutor
import io.weft.spec.ImageSpec
import io.weft.train.TrainingEvent
import io.weft.train.TrainingListener
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.lang.reflect.Modifier
import java.nio.channels.Channels
import java.nio.channels.Pipe
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.function.IntFunction
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

/** Weft among coroutines: what suspends, where it computes, and how it is cancelled. */
class SuspendingSpec :
    StringSpec({
        "suspending forms give what the blocking calls give" {
            val folder = tempdir().toPath()
            val orders = OrderedTiny.DEFINITION.orders()
            Model.initial(OrderedTiny.DEFINITION, 1).use { model ->
                val examples = OrderedTiny.EXAMPLES
                model.scoreSuspending(examples).logLikelihoods() shouldBe
                    model.score(examples).logLikelihoods()
                model.scoreSuspending(examples, orders[1]).logLikelihoods() shouldBe
                    model.score(examples, orders[1]).logLikelihoods()
                model.scoreEnsembleSuspending(examples).logLikelihoods() shouldBe
                    model.scoreEnsemble(examples).logLikelihoods()
                model.scoreEnsembleSuspending(examples, orders.take(1)).logLikelihoods() shouldBe
                    model.scoreEnsemble(examples, orders.take(1)).logLikelihoods()
                model.conditionalLogLikelihoodsSuspending(examples) { OrderedTiny.MASK } shouldBe
                    model.conditionalLogLikelihoods(examples) { OrderedTiny.MASK }
                val sampler = model.sampler(count = 3, seed = 7)
                sampler.images().toListSuspending() shouldBe sampler.images().toList()
                val levels = examples.images().image(0)
                sampler.probabilitiesSuspending(levels, 2, 2) shouldBe
                    sampler.probabilities(levels, 2, 2)
                model.saveSuspending(folder.resolve("model"))
                loadModelSuspending(folder.resolve("model")).use {
                    it.definition() shouldBe model.definition()
                    it.score(examples).logLikelihoods() shouldBe
                        model.score(examples).logLikelihoods()
                }
                model.exportSavedModelSuspending(folder.resolve("export"))
                initialModelSuspending(OrderedTiny.DEFINITION, 1).use {
                    it.weights().names() shouldBe model.weights().names()
                }
            }
        }

        "so do those of zips" {
            Model.initial(OrderedTiny.DEFINITION, 1).use { model ->
                val zip = ByteArrayOutputStream()
                model.saveSuspending(zip)
                loadModelSuspending(ByteArrayInputStream(zip.toByteArray())).use {
                    it.score(OrderedTiny.EXAMPLES).logLikelihoods() shouldBe
                        model.score(OrderedTiny.EXAMPLES).logLikelihoods()
                }
            }
        }

        "every long call has a form that does not block" {
            val forms = functions { CONTINUATION in it }
            val long =
                CALLED
                    .flatMap { it.declaredMethods.asList() }
                    .filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic }
                    .filterNot { it.isAnnotationPresent(Seam::class.java) }
                    .filterNot { it.name in QUICK.split(' ') || it.name in AS_FLOWS.split(' ') }
            withClue("a call that takes long needs a suspending form; one that does not is QUICK") {
                long
                    .filterNot { call ->
                        val isStatic = Modifier.isStatic(call.modifiers)
                        val name =
                            FORMS["${call.declaringClass.simpleName}.${call.name}"]
                                ?: "${call.name}Suspending"
                        val taken =
                            call.parameterTypes.filterNot { it in OWN_IN_KOTLIN } +
                                listOfNotNull(call.declaringClass.takeUnless { isStatic })
                        forms.any { form ->
                            form.name == name &&
                                taken.all { one ->
                                    form.parameterTypes.any { it.isAssignableFrom(one) }
                                }
                        }
                    }.shouldBeEmpty()
            }
            CALLED.filter { type -> long.none { it.declaringClass == type } }.shouldBeEmpty()
        }

        "every suspending function says so by its name, and no other function does" {
            val suspending = functions { it.last() == CONTINUATION }
            suspending
                .map { it.name }
                .distinct()
                .filter { !it.endsWith("Suspending") }
                .shouldBeEmpty()
            suspending.shouldNotBeEmpty()
            functions { it.lastOrNull() != CONTINUATION }
                .map { it.name }
                .filter { it.endsWith("Suspending") }
                .shouldBeEmpty()
        }

        "no member of the core shadows a function of the language" {
            // A member wins over an extension of its name wherever its parameters fit.
            val blocking = CALLED.flatMap { it.methods.asList() }.map { it.name }
            functions { it.last() == CONTINUATION }
                .map { it.name }
                .filter { it in blocking }
                .shouldBeEmpty()
        }

        "calls run on the dispatcher that is given, and onEvent on the caller's" {
            single("caller") { caller ->
                single("worker") { worker ->
                    withContext(caller) {
                        Tiny.model().use { model ->
                            val seen = mutableListOf<String>()
                            val steps = mutableListOf<String>()
                            model.trainSuspending(
                                Tiny.TRAIN,
                                seed = 1,
                                dispatcher = worker,
                                onEvent = { seen += Thread.currentThread().name },
                            ) {
                                this.steps = 2
                                listen { steps += Thread.currentThread().name }
                            }
                            seen.distinct().single() shouldStartWith "caller"
                            steps.distinct().single() shouldStartWith "worker"
                            val asked = mutableListOf<String>()
                            val watched =
                                Examples.conditioned(Tiny.TEST.images()) {
                                    asked += Thread.currentThread().name
                                    Tiny.TEST.conditions(it)
                                }
                            model.scoreSuspending(watched, worker)
                            asked.distinct().single() shouldStartWith "worker"
                            Thread.currentThread().name shouldStartWith "caller"
                        }
                    }
                }
            }
        }

        "data are read on another thread, and no longer than they are wanted" {
            single("worker") { worker ->
                readDataSuspending(worker) { Thread.currentThread().name } shouldStartWith "worker"
            }
            shouldThrow<TimeoutCancellationException> {
                withTimeout(0.1.seconds) { readDataSuspending { CountDownLatch(1).await() } }
            }
        }

        "withTimeout in runTest waits for the work of a test dispatcher" {
            runTest {
                Tiny.model().use { model ->
                    val here = StandardTestDispatcher(testScheduler)
                    val record =
                        withTimeout(1.seconds) {
                            model.trainSuspending(Tiny.TRAIN, seed = 1, dispatcher = here) {
                                steps = 5
                            }
                        }
                    record.outcome() shouldBe "COMPLETED"
                    withTimeout(
                        1.seconds,
                    ) { model.scoreSuspending(Tiny.TEST, here) }.size() shouldBe
                        Tiny.TEST.size()
                }
            }
        }

        "a scope of one thread does not freeze while it samples" {
            Big.model().use { model ->
                // After a first row, and then some ten times a second, however quick they are.
                shared { model.sampleImages(count = 8, seed = 1) { batch = 1 } }
                shared { model.sampleRows(count = 2, seed = 1) }
                // Once a millisecond: sixteen images take a hundred or so, one as few as fifteen.
                shared { model.sample(count = 16, seed = 1) }
            }
        }

        "a scope of one thread does not freeze while it trains" {
            Tiny.model().use { model ->
                shared { model.trainingEvents(Tiny.TRAIN, seed = 1) { steps = 20 } }
            }
        }

        "cancelling ends every call soon, and the model is usable" {
            Big.model().use { model ->
                val before = model.score(Big.FEW).logLikelihoods()
                val endless: Map<String, suspend () -> Unit> =
                    mapOf(
                        "score" to { model.scoreSuspending(Big.MANY) },
                        "list" to { model.sampler(1 shl 20, 1).images().toListSuspending() },
                        "images" to { model.sampleImages(1 shl 20, 1) { batch = 1000 }.collect() },
                        "rows" to { model.sampleRows(1 shl 20, 1) { batch = 1000 }.collect() },
                        "pixels" to { model.sample(1 shl 20, 1) { batch = 1000 }.collect() },
                        "tensorflow" to {
                            model
                                .sampleImages(1 shl 20, 1) {
                                    executor = SamplingExecutor.tensorflow()
                                    batch = 100
                                }.collect()
                        },
                        "train" to {
                            Big.model().use {
                                it.trainSuspending(Big.MANY, seed = 1) { steps = Long.MAX_VALUE }
                            }
                        },
                        "trainingEvents" to {
                            Big.model().use {
                                it.trainingEvents(Big.MANY, seed = 1) { epochs = 100 }.collect()
                            }
                        },
                    )
                endless.forEach { (name, call) ->
                    for (wait in listOf(20, 200).map { it.milliseconds }) {
                        withContext(Dispatchers.Default) {
                            val job = launch { call() }
                            delay(wait)
                            job.isActive shouldBe true
                            withClue(name) {
                                // Some milliseconds, unless the machine is busy.
                                measureTime { job.cancelAndJoin() } shouldBeLessThan 3.seconds
                            }
                        }
                    }
                }
                model.score(Big.FEW).logLikelihoods() shouldBe before
            }
        }

        "a time-out is a time-out, and leaves no thread interrupted" {
            single("worker") { worker ->
                Big.model().use { model ->
                    shouldThrow<TimeoutCancellationException> {
                        withTimeout(100.milliseconds) { model.scoreSuspending(Big.MANY, worker) }
                    }
                    shouldThrow<TimeoutCancellationException> {
                        withTimeout(100.milliseconds) {
                            withContext(worker) { model.sampleImages(1 shl 20, 1).collect() }
                        }
                    }
                    withContext(worker) { Thread.currentThread().isInterrupted } shouldBe false
                }
            }
        }

        "a cancelled save leaves the old model or the new one" {
            val folder = tempdir().toPath().resolve("model")
            Big.model().use { model ->
                model.saveSuspending(folder)
                listOf(0, 1, 5, 20, 50).forEach { millis ->
                    withContext(Dispatchers.Default) {
                        val job = launch { model.saveSuspending(folder) }
                        delay(millis.milliseconds)
                        job.cancelAndJoin()
                    }
                    loadModelSuspending(folder).use { it.definition() shouldBe model.definition() }
                }
            }
        }

        "a run ends though its dispatcher is closed, and the model trains again" {
            Tiny.model().use { model ->
                val worker = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
                withContext(Dispatchers.Default) {
                    launch {
                        model.trainSuspending(
                            Tiny.TRAIN,
                            seed = 1,
                            dispatcher = worker,
                            onEvent = { worker.close() },
                        ) { steps = Long.MAX_VALUE }
                    }
                }
                model.history().single().outcome() shouldBe "CANCELLED"
                model.trainSuspending(Tiny.TRAIN, seed = 2) { steps = 1 }.outcome() shouldBe
                    "COMPLETED"
            }
        }

        "what a listener throws at the end does not hide a cancellation" {
            Tiny.model().use { model ->
                withContext(Dispatchers.Default) {
                    val begun = CompletableDeferred<Unit>()
                    val job =
                        launch {
                            model.trainSuspending(
                                Tiny.TRAIN,
                                seed = 1,
                                onEvent = {
                                    begun.complete(Unit)
                                    awaitCancellation()
                                },
                            ) {
                                steps = 9
                                listen { if (it is TrainingEvent.Finished) error("too late") }
                            }
                        }
                    begun.await()
                    // Were it a failure of the job, this scope would fail with it.
                    job.cancelAndJoin()
                }
            }
        }

        "a channel that is closed as its reader is cancelled is no failure" {
            val pipe = Pipe.open()
            withContext(Dispatchers.Default) {
                val job =
                    launch {
                        readDataSuspending { Channels.newInputStream(pipe.source()).read() }
                    }
                delay(50.milliseconds)
                job.cancelAndJoin()
            }
            pipe.source().isOpen shouldBe false
        }

        "an exception of onEvent ends training, and is the caller's" {
            Tiny.model().use { model ->
                shouldThrow<IllegalStateException> {
                    model.trainSuspending(Tiny.TRAIN, seed = 1, onEvent = { error("enough") }) {
                        steps = 9
                    }
                }.message shouldBe "enough"
                model.history().single().lastStep() shouldBe 1
            }
        }
    }) {
    /** A model large enough that compiling, a row of many images and a batch take their time. */
    private object Big {
        private val IMAGE = ImageSpec(28, 28, 1, 16)
        private val DEFINITION =
            gatedPixelCnn(IMAGE) {
                blocks(6)
                maps(32)
                kernel(5)
            }
        private val DIGITS =
            EmbeddedDigits
                .count(40)
                .size(28)
                .levels(16)
                .seed(1)
                .grey()

        val FEW: Examples = Examples.of(DIGITS)
        val MANY: Examples = Examples.of(DIGITS.select(*IntArray(20_000)))

        fun model(): Model = Model.initial(DEFINITION, 1)
    }

    /** A model that serves every order. */
    private object OrderedTiny {
        private val IMAGE = ImageSpec(8, 8, 1, 2)

        val DEFINITION =
            locallyMaskedPixelCnn(IMAGE) {
                orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
                blocks(1)
                maps(6)
            }
        val EXAMPLES: Examples =
            Examples.of(
                EmbeddedDigits
                    .count(12)
                    .size(8)
                    .levels(2)
                    .seed(5)
                    .grey(),
            )
        val MASK: PixelMask = PixelMask.withoutHalf(IMAGE, Half.BOTTOM)
    }

    private companion object {
        const val CONTINUATION = "kotlin.coroutines.Continuation"

        /** Whose calls may take long. Runs that are pulled step by step are flows in Kotlin. */
        val CALLED: List<Class<*>> =
            listOf(
                ImageModel::class,
                Model::class,
                Sampler::class,
                Samples::class,
            ).map { it.java } +
                listOf(MultiScaleModel::class, MultiScaleSampler::class).map { it.java } +
                listOf(Codec::class, CodedImages::class).map { it.java }

        /** What only looks, or makes something that has yet to begin. */
        val QUICK =
            "definition device snapshot weights history steps checkResumable image classCondition" +
                " parameterCount" +
                " checkReplaceable sampler of toString equals hashCode" +
                " withoutTrainingState inHalfPrecision close count seed firstImage batch executor" +
                " temperature conditions labels classes order complete pixels rows images" +
                " small large model isTrained with imagesPerBlock labelsGiven fingerprint size" +
                " spec blocks hasLabels bytes headerBytes payloadBytes missingConditions"

        /** What is a flow in Kotlin: trainingEvents, resumingEvents, asFlow. */
        val AS_FLOWS = "training resuming iterator stream publisher run"

        val FORMS =
            mapOf(
                "Model.initial" to "initialModelSuspending",
                "Model.load" to "loadModelSuspending",
                "Model.loadResource" to "loadModelResourceSuspending",
                "Model.builtin" to "builtinModelSuspending",
                "MultiScaleModel.initial" to "initialMultiScaleSuspending",
                "MultiScaleModel.load" to "loadMultiScaleSuspending",
                "MultiScaleModel.loadResource" to "loadMultiScaleResourceSuspending",
            )

        /** Functions, which Kotlin has its own types for; and what lies in memory already. */
        val OWN_IN_KOTLIN =
            listOf(IntFunction::class.java, List::class.java, ByteArray::class.java) +
                listOf(Array<TrainingListener>::class.java, Array<MultiScaleListener>::class.java)

        /** The public functions of the language, with their parameters' types. */
        fun functions(parameters: (List<String>) -> Boolean) =
            listOf("Suspending", "Trainings", "Sampling", "MultiScales", "Coding")
                .flatMap { Class.forName("io.weft.dsl.$it").declaredMethods.asList() }
                .filter { Modifier.isPublic(it.modifiers) && !it.name.contains('$') }
                .filter { method -> parameters(method.parameterTypes.map { it.name }) }

        suspend fun single(
            name: String,
            test: suspend (CoroutineDispatcher) -> Unit,
        ) {
            val threads = Executors.newSingleThreadExecutor { Thread(it, name) }
            try {
                test(threads.asCoroutineDispatcher())
            } finally {
                threads.shutdownNow()
            }
        }

        /** Collects on a thread that others need too, and counts how often they have their turn. */
        suspend fun shared(flow: () -> Flow<*>) =
            single("shared") { thread ->
                withContext(thread) {
                    var turns = 0L
                    val other =
                        launch {
                            while (isActive) {
                                turns++
                                yield()
                            }
                        }
                    flow().collect()
                    other.cancelAndJoin()
                    turns shouldBeGreaterThan 7L
                }
            }
    }
}
