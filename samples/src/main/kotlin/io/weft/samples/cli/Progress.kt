package io.weft.samples.cli

import me.tongfei.progressbar.ConsoleProgressBarConsumer
import me.tongfei.progressbar.ProgressBar
import me.tongfei.progressbar.ProgressBarBuilder
import me.tongfei.progressbar.ProgressBarStyle
import java.time.Duration

/** Shows how far long work is. */
internal interface Progress : AutoCloseable {
    /** The work has come to [done]; [note] is a few words on how it goes. */
    fun at(
        done: Long,
        note: String,
    )

    /** Something worth keeping has happened at [done]. */
    fun milestone(
        done: Long,
        note: String,
    )

    /** The work has ended. */
    override fun close()
}

/** A bar on the terminal that standard error is. */
internal class ProgressBarProgress(
    task: String,
    last: Long,
) : Progress {
    private var milestone = ""
    private val bar: ProgressBar =
        ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(last)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(INTERVAL_MILLIS)
            .setConsumer(ConsoleProgressBarConsumer(System.err))
            .build()

    override fun at(
        done: Long,
        note: String,
    ) {
        bar.stepTo(done)
        bar.setExtraMessage(" $note$milestone")
    }

    /** Without [done], so that a training step's line fits in 80 columns. */
    override fun milestone(
        done: Long,
        note: String,
    ) {
        milestone = "; $note"
    }

    override fun close() = bar.close()

    private companion object {
        const val INTERVAL_MILLIS = 200
    }
}

/** A line now and then, for logs. */
internal class LineProgress(
    private val task: String,
    private val last: Long,
    private val print: (String) -> Unit,
    private val nanoTime: () -> Long = System::nanoTime,
) : Progress {
    private val started = nanoTime()
    private var printed = started

    override fun at(
        done: Long,
        note: String,
    ) {
        val now = nanoTime()
        if (Duration.ofNanos(now - printed) < INTERVAL || done == 0L || done == last) {
            return
        }
        printed = now
        val left = Duration.ofNanos((now - started) / done * (last - done)).toSeconds()
        val time = if (left < MINUTE) "$left s" else "${left / MINUTE} min ${left % MINUTE} s"
        print("$task: $done of $last (${done * PER_CENT / last} %), $note, $time left")
    }

    override fun milestone(
        done: Long,
        note: String,
    ) = print("$task: $note at $done of $last")

    override fun close() = Unit

    private companion object {
        val INTERVAL: Duration = Duration.ofSeconds(10)
        const val MINUTE = 60
        const val PER_CENT = 100
    }
}
