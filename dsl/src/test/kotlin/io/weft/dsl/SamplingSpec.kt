package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import io.weft.Model
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.distribution.Distribution
import io.weft.sample.SampledImage
import io.weft.spec.Condition
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicInteger

class SamplingSpec :
    StringSpec({

        "pixels, rows and images are the same images, at every batch" {
            Tiny.model().use { model ->
                val spec = model.definition().image()
                val expected =
                    model
                        .sampler(5)
                        .count(5)
                        .labels { (it % 10).toInt() }
                        .images()
                        .toList()
                checkAll(12, Arb.int(1..7)) { images ->
                    val configure: SamplingScope.() -> Unit = {
                        batch = images
                        label { it % 10 }
                    }
                    model.sampleImages(count = 5, seed = 5, configure).toList() shouldBe expected
                    val pixels = model.sample(count = 5, seed = 5, configure).toList()
                    pixels.size shouldBe 5 * spec.pixels()
                    pixels.forEach {
                        it.value(0) shouldBe
                            expected[it.image().toInt()].value(it.row(), it.column(), 0)
                    }
                    val rows = model.sampleRows(count = 5, seed = 5, configure).toList()
                    rows.size shouldBe 5 * spec.height()
                    rows.forEach { row ->
                        val image = expected[row.image().toInt()]
                        row.values().toList() shouldBe
                            List(spec.width()) { image.value(row.row(), it, 0) }
                    }
                }
            }
        }

        "any image of a series can be had alone" {
            Tiny.model().use { model ->
                val all = model.sampleImages(count = 8, seed = 2) { label { it } }.toList()
                checkAll(6, Arb.long(0L..7L)) { index ->
                    val alone =
                        model.sampleImages(count = 1, seed = 2) {
                            firstImage = index
                            label { it }
                        }
                    alone.first() shouldBe all[index.toInt()]
                }
            }
        }

        "an index beyond Int is for conditions" {
            Tiny.model().use { model ->
                shouldThrow<IllegalArgumentException> {
                    model.sample(count = 1, seed = 1) {
                        firstImage = 1L shl 31
                        label { 0 }
                    }
                }.message!! shouldContain "conditions { }"
                val pixels =
                    model.sample(count = 1, seed = 1) {
                        firstImage = 1L shl 31
                        conditions { ConditionValues.none().withLabel("digit", (it % 10).toInt()) }
                    }
                pixels.first().image() shouldBe (1L shl 31)
            }
        }

        "colour and binary models are trained and streamed too" {
            val colour = ImageSpec(6, 5, 3, 4)
            val binary = ImageSpec(6, 5, 1, 2)
            val definitions =
                listOf(
                    gatedPixelCnn(colour) {
                        blocks(1)
                        maps(6)
                    },
                    textbookPixelCnn(colour) {
                        blocks(2)
                        maps(6)
                    },
                    pixelCnn(binary) {
                        blocks(1)
                        maps(4)
                        distribution(Distribution.bernoulli())
                    },
                )
            definitions.forEach { definition ->
                val spec = definition.image()
                val levels = IntArray(20 * spec.values()) { (it / 7) % spec.levels() }
                val examples = Examples.of(ImageSet.of(spec, levels))
                definition.trainSuspending(examples, seed = 1) { steps = 5 }.use { model ->
                    val images = model.sampleImages(count = 3, seed = 2).toList()
                    val pixels = model.sample(count = 3, seed = 2) { batch = 1 }.toList()
                    pixels.size shouldBe 3 * spec.pixels()
                    pixels.forEach { pixel ->
                        pixel.values().forEachIndexed { channel, value ->
                            value shouldBeInRange 0..<spec.levels()
                            images[pixel.image().toInt()]
                                .value(pixel.row(), pixel.column(), channel) shouldBe value
                        }
                    }
                }
            }
        }

        "seeds and labels matter" {
            Tiny.model().use { model ->
                val one = model.zeros(seed = 1)
                one shouldBe model.zeros(seed = 1)
                one.levels() shouldNotBe model.zeros(seed = 2).levels()
                model
                    .sampleImages(
                        count = 1,
                        seed = 1,
                    ) { label { 9 } }
                    .first()
                    .levels()
                    .toList() shouldNotBe
                    one.levels().toList()
            }
        }

        "nothing is drawn before it is collected, and every collection starts anew" {
            Tiny.model().use { model ->
                val pixels = model.sample(count = 2, seed = 3) { label { it } }
                pixels.toList() shouldBe pixels.toList()
                pixels.take(5).toList() shouldBe pixels.toList().take(5)
            }
        }

        "nothing runs ahead of the collector" {
            Tiny.model().use { model ->
                val pulled = AtomicInteger()
                var handled = 0
                model
                    .sample(count = 2, seed = 3) { label { it } }
                    .onEach { pulled.incrementAndGet() }
                    .collect {
                        pulled.get() shouldBe handled + 1
                        handled++
                    }
            }
        }

        "flowOn and no buffer is one pixel ahead at most" {
            Tiny.model().use { model ->
                val pulled = AtomicInteger()
                var handled = 0
                model
                    .sample(count = 1, seed = 3) { label { it } }
                    .onEach { pulled.incrementAndGet() }
                    .flowOn(Dispatchers.Default)
                    .buffer(0)
                    .collect {
                        handled++
                        pulled.get() - handled shouldBeInRange 0..1
                    }
                handled shouldBe 64
            }
        }

        "cancelling stops at the pixel, and sampling again gives the same" {
            Tiny.model().use { model ->
                val pixels = model.sample(count = 3, seed = 4) { label { it } }
                val before = pixels.toList()
                withContext(Dispatchers.Default) {
                    val seen = AtomicInteger()
                    val tenth = CompletableDeferred<Unit>()
                    val never = CompletableDeferred<Unit>()
                    val job =
                        launch {
                            pixels.collect {
                                if (seen.incrementAndGet() == 10) {
                                    tenth.complete(Unit)
                                    never.await()
                                }
                            }
                        }
                    tenth.await()
                    job.cancelAndJoin()
                    seen.get() shouldBe 10
                }
                pixels.toList() shouldBe before
            }
        }

        "a collector that throws gets its own exception" {
            Tiny.model().use { model ->
                val pixels = model.sample(count = 1, seed = 1) { label { 0 } }
                shouldThrow<IllegalStateException> { pixels.drop(7).collect { error("enough") } }
                    .message shouldBe "enough"
                pixels.toList().size shouldBe 64
            }
        }

        "near temperature 0 the likeliest is drawn, whatever the seed" {
            Tiny.model().use { model ->
                fun at(
                    seed: Long,
                    value: Double,
                ) = model.sampleImages(count = 1, seed = seed) {
                    label { 3 }
                    temperature = value
                }
                val cold = at(seed = 1, value = 1e-6).first()
                at(seed = 2, value = 1e-6).first() shouldBe cold
                val warm = at(seed = 1, value = 1.0).first()
                warm shouldNotBe cold
                differences(cold, at(seed = 1, value = 0.05).first()) shouldBeLessThan
                    differences(cold, warm)
            }
        }

        "several conditions by name, or all at once" {
            val spec = ImageSpec(5, 5, 1, 4)
            val definition =
                gatedPixelCnn(spec) {
                    blocks(1)
                    maps(4)
                    conditionedOn(
                        listOf(
                            Condition.OneOf("digit", 10),
                            Condition.Vector("style", 2),
                            Condition.Spatial("map", 5, 5, 1),
                        ),
                    )
                }
            Model.initial(definition, 1).use { model ->
                val map = FloatArray(25) { it / 25f }
                val named =
                    model.sampleImages(count = 3, seed = 1) {
                        label("digit") { it }
                        vector("style") { floatArrayOf(it.toFloat(), -1f) }
                        map("map") { map }
                    }
                val together =
                    model.sampleImages(count = 3, seed = 1) {
                        conditions {
                            ConditionValues
                                .none()
                                .withLabel("digit", it.toInt())
                                .withVector("style", it.toFloat(), -1f)
                                .withMap("map", map)
                        }
                    }
                named.toList() shouldBe together.toList()
                shouldThrow<IllegalArgumentException> {
                    model.sample(
                        count = 1,
                        seed = 1,
                    ) { label { 1 } }
                }.message!! shouldContain "[digit, style, map]"
                shouldThrow<IllegalArgumentException> {
                    model.sample(count = 1, seed = 1) { label("digit") { 1 } }
                }.message!! shouldContain "\"style\" has no value"
            }
        }

        "settings are checked where they are set" {
            Tiny.model().use { model ->
                shouldThrow<IllegalArgumentException> { model.sample(count = 0, seed = 1) }
                shouldThrow<IllegalArgumentException> {
                    model.sample(count = 1, seed = 1) { temperature = 0.0 }
                }.message!! shouldContain "above 0"
                shouldThrow<IllegalArgumentException> {
                    model.sample(count = 1, seed = 1) {
                        batch =
                            0
                    }
                }
                shouldThrow<IllegalArgumentException> {
                    model.sample(count = 1, seed = 1) { label { 10 } }
                }.message!! shouldContain "labels 0 to 9, found 10"
            }
        }

        "closing the model ends a flow" {
            val model = Tiny.model()
            var seen = 0
            shouldThrow<IllegalStateException> {
                model.sample(count = 1, seed = 1) { label { 0 } }.collect {
                    seen++
                    model.close()
                }
            }.message!! shouldContain "this model is closed"
            seen shouldBe 1
        }

        "a closed model starts no series" {
            val model = Tiny.model()
            val pixels = model.sample(count = 1, seed = 1) { label { 0 } }
            model.close()
            shouldThrow<IllegalStateException> { pixels.first() }
            shouldThrow<IllegalStateException> { model.sample(count = 1, seed = 1) }
        }
    }) {
    private companion object {
        suspend fun Model.zeros(seed: Long): SampledImage =
            sampleImages(count = 1, seed = seed) { label { 0 } }.first()

        fun differences(
            a: SampledImage,
            b: SampledImage,
        ): Double =
            a
                .levels()
                .zip(b.levels())
                .count { (x, y) -> x != y }
                .toDouble()
    }
}
