package io.weft.samples.cli

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
}
