package io.weft.samples.cli

import org.tensorflow.Graph
import org.tensorflow.Operand
import org.tensorflow.Session
import org.tensorflow.ndarray.Shape
import org.tensorflow.op.Ops
import org.tensorflow.op.core.Placeholder
import org.tensorflow.types.TFloat32
import java.util.Arrays
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/**
 * Measures [MachinePeak] again and again: a machine whose neighbours come and go is another one a
 * second later.
 *
 * @param weights how many bytes a model's weights take
 * @param budget for how many seconds at most it multiplies, and then as long reads either memory
 */
internal class PeakMeter(
    weights: Long,
    private val budget: Double,
) : AutoCloseable {
    private val graph = Graph()
    private val ones = TFloat32.tensorOf(MATRIX)
    private val placeholder: Placeholder<TFloat32>
    private val corner: Operand<TFloat32>
    private val session: Session
    private val memory = halves(BEYOND_CACHES)
    private val cached = halves(weights)

    init {
        // Its names have the default locale's digits: ASCII ones, as Weft's main has it.
        val tf = Ops.create(graph)
        placeholder = tf.placeholder(TFloat32::class.java, Placeholder.shape(MATRIX))
        corner =
            tf.slice(
                tf.linalg.matMul(placeholder, placeholder),
                tf.constant(intArrayOf(0, 0)),
                tf.constant(intArrayOf(1, 1)),
            )
        session = Session(graph)
        // Until Java is warm it reads at a tenth of the rate.
        measure()
    }

    /**
     * Measures for a second or more, products first: their threads have gone to sleep when it returns.
     *
     * @param during for how many seconds it multiplies at least, but no more than three
     */
    fun measure(during: Double = 0.0): MachinePeak =
        MachinePeak(
            products(minOf(during, MOST_SECONDS)),
            readBytes(memory, minOf(READ_SECONDS, budget)),
            readBytes(cached, minOf(READ_SECONDS, budget)),
        )

    private fun products(during: Double): MachinePeak.Products {
        val each = mutableListOf<Double>()

        fun isEnough() = each.size >= PRODUCTS && each.sum() >= during
        while (each.isEmpty() || (!isEnough() && each.sum() < budget)) {
            each +=
                seconds {
                    session
                        .runner()
                        .feed(placeholder, ones)
                        .fetch(corner)
                        .run()
                        .close()
                }
        }
        return MachinePeak.Products(2.0 * SIZE * SIZE * SIZE, each)
    }

    override fun close() {
        session.close()
        ones.close()
        graph.close()
    }

    /** Two arrays of the same bytes: Java compares them in the widest loads there are. */
    private class Halves(
        val first: ByteArray,
        val second: ByteArray,
    ) {
        fun areEqual() = Arrays.equals(first, second)
    }

    private companion object {
        const val SIZE = 1024L
        const val PRODUCTS = 30
        const val MOST_SECONDS = 3.0
        const val READ_SECONDS = 0.25
        const val NANOS = 1e9
        const val LEAST_BYTES = 1024
        const val BEYOND_CACHES = 512L shl 20
        val MATRIX: Shape = Shape.of(SIZE, SIZE)

        /** A part for each core. */
        fun halves(bytes: Long): List<Halves> {
            val cores = Runtime.getRuntime().availableProcessors()
            val half = (bytes / 2 / cores).toInt().coerceAtLeast(LEAST_BYTES)
            return List(cores) { Halves(ByteArray(half), ByteArray(half)) }
        }

        /** All cores read all of their parts again and again. */
        fun readBytes(
            parts: List<Halves>,
            during: Double,
        ): Double {
            val rates = DoubleArray(parts.size)
            val ready = CountDownLatch(parts.size)
            parts
                .mapIndexed { core, part ->
                    thread {
                        ready.countDown()
                        ready.await()
                        rates[core] = rate(part, during)
                    }
                }.forEach { it.join() }
            return rates.sum()
        }

        fun rate(
            part: Halves,
            during: Double,
        ): Double {
            val started = System.nanoTime()
            var bytes = 0L
            var elapsed: Double
            do {
                check(part.areEqual())
                bytes += 2L * part.first.size
                elapsed = (System.nanoTime() - started) / NANOS
            } while (elapsed < during)
            return bytes / elapsed
        }
    }
}
