package io.weft.samples.cli

import org.tensorflow.Graph
import org.tensorflow.Session
import org.tensorflow.ndarray.Shape
import org.tensorflow.op.Ops
import org.tensorflow.op.core.Placeholder
import org.tensorflow.types.TFloat32
import java.util.Arrays
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/**
 * What this machine can do at best, on all cores: what a measured speed is a share of.
 *
 * @property gemmFlops floating point operations a second of a product of two large matrices
 * @property memoryBytes bytes a second that are read from main memory
 * @property cachedBytes bytes a second that are read from as much memory as the weights take, which
 *     processors may hold in their caches
 */
internal class MachinePeak(
    val gemmFlops: Double,
    val memoryBytes: Double,
    val cachedBytes: Double,
) {
    /** Seconds for so many operations, and for so many bytes from main memory. */
    fun floorSeconds(
        flops: Double,
        bytes: Double,
    ): Double = maxOf(flops / gemmFlops, bytes / memoryBytes)

    /** The same with all weights in the caches: no program can do better. */
    fun cachedFloorSeconds(
        flops: Double,
        bytes: Double,
    ): Double = maxOf(flops / gemmFlops, bytes / cachedBytes)

    internal companion object {
        private const val SIZE = 1024L
        private const val PRODUCTS = 30
        private const val READ_SECONDS = 0.25
        private const val NANOS = 1e9
        private const val LEAST_BYTES = 1024
        private const val BEYOND_CACHES = 512L shl 20

        /** Two arrays of the same bytes: Java compares them in the widest loads there are. */
        private class Halves(
            val first: ByteArray,
            val second: ByteArray,
        ) {
            fun areEqual() = Arrays.equals(first, second)
        }

        /** Measures, for weights of so many bytes; each core reads its part. */
        fun measure(weights: Long): MachinePeak = MachinePeak(products, memory, readBytes(weights))

        // The machine stays the same while this process lives.
        private val products by lazy { gemmFlops() }
        private val memory by lazy { readBytes(BEYOND_CACHES) }

        private fun gemmFlops(): Double =
            Graph().use { graph ->
                // Its names have the default locale's digits: ASCII ones, as Weft's main has it.
                val tf = Ops.create(graph)
                val shape = Shape.of(SIZE, SIZE)
                val left = tf.placeholder(TFloat32::class.java, Placeholder.shape(shape))
                val corner =
                    tf.slice(
                        tf.linalg.matMul(left, left),
                        tf.constant(intArrayOf(0, 0)),
                        tf.constant(intArrayOf(1, 1)),
                    )
                Session(graph).use { session ->
                    TFloat32.tensorOf(shape).use { ones ->
                        val best =
                            (0 until PRODUCTS).minOf {
                                seconds {
                                    session.runner().feed(left, ones).fetch(corner).run().close()
                                }
                            }
                        2.0 * SIZE * SIZE * SIZE / best
                    }
                }
            }

        /** The best of some spans of time, all cores reading all of their parts again and again. */
        private fun readBytes(bytes: Long): Double {
            val cores = Runtime.getRuntime().availableProcessors()
            val half = (bytes / 2 / cores).toInt().coerceAtLeast(LEAST_BYTES)
            val parts = List(cores) { Halves(ByteArray(half), ByteArray(half)) }
            return (0 until SPANS).maxOf { span(parts) }
        }

        private fun span(parts: List<Halves>): Double {
            val rates = DoubleArray(parts.size)
            val ready = CountDownLatch(parts.size)
            parts
                .mapIndexed { core, part ->
                    thread {
                        ready.countDown()
                        ready.await()
                        rates[core] = rate(part)
                    }
                }.forEach { it.join() }
            return rates.sum()
        }

        private fun rate(part: Halves): Double {
            val started = System.nanoTime()
            var bytes = 0L
            var elapsed: Double
            do {
                check(part.areEqual())
                bytes += 2L * part.first.size
                elapsed = (System.nanoTime() - started) / NANOS
            } while (elapsed < READ_SECONDS)
            return bytes / elapsed
        }

        private const val SPANS = 4
    }
}
