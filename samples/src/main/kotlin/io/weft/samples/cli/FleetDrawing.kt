package io.weft.samples.cli

import io.weft.spark.FleetSampler
import java.util.concurrent.CancellationException

/** Draws images on the workers of a cluster; Ctrl-C keeps those that were finished. */
internal class FleetDrawing(
    private val sampler: FleetSampler,
    private val count: Int,
) {
    /** Draws with a progress bar, until the thread is interrupted. */
    fun withProgress(console: Console): DrawnImages {
        val images = mutableListOf<IntArray>()
        val isStopped =
            console.progress("sample", count.toLong()).use { progress ->
                try {
                    sampler.images().iterator().use { drawn ->
                        drawn.forEachRemaining {
                            images += it.levels()
                            progress.at(images.size.toLong(), "images")
                        }
                    }
                    false
                } catch (_: CancellationException) {
                    true
                }
            }
        // A Ctrl-C after the last image came too late to stop anything; files are written unharmed.
        Thread.interrupted()
        return DrawnImages(images, isStopped)
    }
}
