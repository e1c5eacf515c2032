package io.weft.samples.cli

/**
 * What this machine can do at best, on all cores: what a measured speed is a share of.
 *
 * @property products the products of two large matrices that were computed one after another
 * @property memoryBytes bytes a second that are read from main memory
 * @property cachedBytes bytes a second that are read from as much memory as the weights take, which
 *     processors may hold in their caches
 */
internal class MachinePeak(
    private val products: Products,
    val memoryBytes: Double,
    val cachedBytes: Double,
) {
    /**
     * Products of the same size, one after another.
     *
     * @property flops the floating point operations of each
     * @property seconds how long each took
     */
    class Products(
        val flops: Double,
        val seconds: List<Double>,
    )

    /** Floating point operations a second of the best product. */
    val gemmFlops: Double = gemmFlops(0.0)

    /**
     * The same of the best products that took so long together, or of all, if they took less: what
     * neighbours take from a machine they take from long work more surely than from short.
     */
    fun gemmFlops(during: Double): Double {
        val best =
            products.seconds.indices.mapNotNull { first ->
                var seconds = 0.0
                var count = 0
                while (first + count < products.seconds.size && (count == 0 || seconds < during)) {
                    seconds += products.seconds[first + count++]
                }
                (count / seconds).takeIf { seconds >= during }
            }
        return products.flops * (best.maxOrNull() ?: (1 / products.seconds.average()))
    }

    /**
     * Seconds for so many operations, and for so many bytes from main memory.
     *
     * @param during for how many seconds the machine is to go on at that speed
     */
    fun floorSeconds(
        flops: Double,
        bytes: Double,
        during: Double = 0.0,
    ): Double = maxOf(flops / gemmFlops(during), bytes / memoryBytes)

    /** The same with all weights in the caches: no program can do better. */
    fun cachedFloorSeconds(
        flops: Double,
        bytes: Double,
        during: Double = 0.0,
    ): Double = maxOf(flops / gemmFlops(during), bytes / cachedBytes)
}
