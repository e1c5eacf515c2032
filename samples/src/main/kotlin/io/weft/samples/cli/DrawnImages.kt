package io.weft.samples.cli

import io.weft.sample.SampledImage
import io.weft.sample.Samples
import java.util.concurrent.CancellationException

/**
 * Images that were drawn.
 *
 * @property images the levels of those that were finished, from the first
 * @property isStopped whether Ctrl-C ended the drawing
 * @property count how many were finished, also where their levels were not kept
 */
internal class DrawnImages(
    val images: List<IntArray>,
    val isStopped: Boolean,
    val count: Int = images.size,
) {
    companion object {
        /**
         * Takes whole images as they come, [count] of them, until Ctrl-C; shows how far that is.
         *
         * @param what is done, in a word
         * @param isKept which of them are wanted afterwards
         */
        fun of(
            images: Samples<SampledImage>,
            count: Int,
            what: String,
            console: Console,
            stop: StopSignal,
            isKept: (Int) -> Boolean = { true },
        ): DrawnImages {
            val kept = mutableListOf<IntArray>()
            var done = 0
            return try {
                console.progress(what, count.toLong()).use { progress ->
                    images.iterator().use { pull ->
                        pull.forEachRemaining {
                            if (isKept(done)) kept += it.levels()
                            progress.at((++done).toLong(), "images")
                        }
                    }
                }
                DrawnImages(kept, false, done)
            } catch (_: CancellationException) {
                DrawnImages(kept, true, done)
            } catch (e: RuntimeException) {
                // Spark hears of Ctrl-C by itself, and may end its jobs first.
                if (stop.isGiven) DrawnImages(kept, true, done) else throw e
            }
        }
    }
}
