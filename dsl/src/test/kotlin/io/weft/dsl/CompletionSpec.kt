package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.weft.complete.Half
import io.weft.complete.KnownPixels
import io.weft.complete.PixelMask
import io.weft.sample.SamplingExecutor
import io.weft.spec.ImageSpec
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicInteger

class CompletionSpec :
    StringSpec({
        val images = Tiny.TEST.images()
        val spec = images.spec()
        val hole = PixelMask.hole(spec, 2, 3, 4, 2)
        val torn = KnownPixels.of(images, 3, hole)

        "missing pixels stream, known ones stay" {
            Tiny.model().use { model ->
                val configure: SamplingScope.() -> Unit = {
                    batch = 3
                    label { 7 }
                    complete(torn)
                }
                val whole = model.sampleImages(count = 5, seed = 1, configure).toList()
                whole.forEach { KnownPixels.of(spec, it.levels(), hole) shouldBe torn }
                whole.map { it.levels().toList() }.toSet() shouldHaveSize 5
                val pixels = model.sample(count = 5, seed = 1, configure).toList()
                pixels shouldHaveSize 5 * 8
                pixels.forEach {
                    hole.isKnown(it.row(), it.column()) shouldBe false
                    it.value(0) shouldBe whole[it.image().toInt()].value(it.row(), it.column(), 0)
                }
                val rows = model.sampleRows(count = 5, seed = 1, configure).toList()
                rows shouldHaveSize 5 * spec.height()
                rows.forEach { row ->
                    row.value(5, 0) shouldBe whole[row.image().toInt()].value(row.row(), 5, 0)
                }
            }
        }

        "each image has its own mask, on both executors" {
            Tiny.model().use { model ->
                val masks = Half.entries.map { PixelMask.withoutHalf(spec, it) } + hole

                fun known(image: Int) = KnownPixels.of(images, image, masks[image % masks.size])
                for (on in listOf(
                    SamplingExecutor.jvm(),
                    SamplingExecutor.tensorflowWithoutXla(),
                )) {
                    val all =
                        model
                            .sampleImages(count = 10, seed = 2) {
                                executor = on
                                label { it }
                                complete { known(it) }
                            }.toList()
                    all shouldBe
                        model
                            .sampler(2)
                            .labels { it.toInt() }
                            .complete(List(10, ::known))
                            .images()
                            .toList()
                    all.forEachIndexed { image, whole ->
                        KnownPixels.of(spec, whole.levels(), masks[image % masks.size]) shouldBe
                            known(image)
                    }
                }
            }
        }

        "cancelling stops at the pixel, and completing again gives the same" {
            Tiny.model().use { model ->
                val pixels =
                    model.sample(count = 2, seed = 4) {
                        label { 1 }
                        complete(torn)
                    }
                val before = pixels.toList()
                withContext(Dispatchers.Default) {
                    val seen = AtomicInteger()
                    val fifth = CompletableDeferred<Unit>()
                    val never = CompletableDeferred<Unit>()
                    val job =
                        launch {
                            pixels.collect {
                                if (seen.incrementAndGet() == 5) {
                                    fifth.complete(Unit)
                                    never.await()
                                }
                            }
                        }
                    fifth.await()
                    job.cancelAndJoin()
                    seen.get() shouldBe 5
                }
                pixels.toList() shouldBe before
                pixels.take(3).toList() shouldBe before.take(3)
            }
        }

        "the seed matters, and mistakes are named where they are made" {
            Tiny.model().use { model ->
                fun at(seed: Long) =
                    model.sampleImages(count = 1, seed) {
                        label { 1 }
                        complete(torn)
                    }
                at(1).first() shouldNotBe at(2).first()
                val other = ImageSpec(8, 8, 1, 2)
                shouldThrow<IllegalArgumentException> {
                    model.sample(count = 1, seed = 1) {
                        label { 1 }
                        complete(KnownPixels.of(other, IntArray(64), hole))
                    }
                }.message!! shouldContain "8x8x1, 2 levels"
            }
        }
    })
