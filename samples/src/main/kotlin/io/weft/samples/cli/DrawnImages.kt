package io.weft.samples.cli

import io.weft.sample.SampledImage
import io.weft.sample.Samples
import java.util.concurrent.CancellationException

/**
 * Images that were drawn.
 *
 * @property images the levels of those that were finished, from the first
 * @property isStopped whether Ctrl-C ended the drawing
 */
internal class DrawnImages(
    val images: List<IntArray>,
    val isStopped: Boolean,
) {
    companion object {
        /**
         * Takes whole images as they come, [count] of them, until the thread is interrupted; shows
         * how far that is.
         *
         * @param what is done, in a word
         */
        fun of(
            images: Samples<SampledImage>,
            count: Int,
            what: String,
            console: Console,
        ): DrawnImages {
            val finished = mutableListOf<IntArray>()
            return try {
                console.progress(what, count.toLong()).use { progress ->
                    images.iterator().use { pull ->
                        pull.forEachRemaining {
                            finished += it.levels()
                            progress.at(finished.size.toLong(), "images")
                        }
                    }
                }
                DrawnImages(finished, false)
            } catch (_: CancellationException) {
                DrawnImages(finished, true)
            }
        }
    }
}
