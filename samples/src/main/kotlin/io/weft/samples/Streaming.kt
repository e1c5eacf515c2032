// Watch an image while it is generated, pause, cancel in the middle, and generate it again exactly.
//
// Sampling is a cold Flow that computes a pixel only when the collector has handled the one before.
// So to pause is to suspend, cancelling takes effect at the next pixel, and nothing is left running.
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.StreamingKt

package io.weft.samples

import io.weft.Model
import io.weft.dsl.sample
import io.weft.sample.Pixel
import io.weft.samples.cli.checkPrinted
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** What was seen before cancelling; the same image from the start, and out of a batch of four. */
internal class Watched(
    val cancelled: List<Pixel>,
    val again: List<Pixel>,
    val inBatch: List<Pixel>,
)

internal suspend fun watch(
    model: Model,
    pause: Duration,
    show: (Pixel) -> Unit,
): Watched =
    coroutineScope {
        val image = model.definition().image()
        val stream = model.sample(count = 1, seed = 7) { label { 3 } } // Cold: nothing runs yet.
        val seen = mutableListOf<Pixel>()
        val halfway = CompletableDeferred<Unit>()
        val watching =
            launch {
                stream.collect { pixel ->
                    seen += pixel
                    show(pixel)
                    if (seen.size >= image.pixels() / 2) halfway.complete(Unit)
                    // A pause at the end of a row, as long as one likes: sampling waits with us.
                    if (pixel.column() == image.width() - 1) delay(pause)
                }
            }
        halfway.await()
        watching.cancelAndJoin()
        val four = model.sample(count = 4, seed = 7) { label { 3 } }
        Watched(seen, stream.toList(), four.filter { it.image() == 0L }.toList())
    }

/** Trains a model for a moment, and shows its image in the terminal. */
fun main() =
    runBlocking {
        trainedDigits(800, ::println).use { model ->
            fun show(pixel: Pixel) {
                print(" .+#"[pixel.value(0)])
                if (pixel.column() == 15) println()
            }
            val watched = watch(model, 100.milliseconds, ::show)
            println("cancelled after ${watched.cancelled.size} pixels; the image again, whole:")
            watched.again.forEach(::show)
            val same = watched.again.take(watched.cancelled.size) == watched.cancelled
            println("the same pixels: $same; in a batch too: ${watched.inBatch == watched.again}")
            checkPrinted()
        }
    }
