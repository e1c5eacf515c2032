package io.weft.samples.cli

import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/**
 * Lets Ctrl-C stop work in good order: the working thread is interrupted, and the process waits
 * until it has saved what it has and this is closed. Where no work is under way, Ctrl-C ends the
 * process at once.
 */
internal class StopSignal : AutoCloseable {
    private val closed = CountDownLatch(1)
    private val hook = Thread(::stop, "weft-stop")
    private var worker: Thread? = null
    private var orderly = false

    /** Whether Ctrl-C came. */
    @Volatile
    var isGiven = false
        private set

    init {
        Runtime.getRuntime().addShutdownHook(hook)
    }

    /**
     * Runs [work], which Ctrl-C interrupts; what comes after, until [close], is let finish, such as
     * writing files, also where Ctrl-C came too late to stop anything.
     */
    fun <T> during(work: () -> T): T {
        synchronized(this) {
            worker = Thread.currentThread()
            orderly = true
        }
        try {
            return work()
        } finally {
            synchronized(this) { worker = null }
            Thread.interrupted()
        }
    }

    private fun stop() {
        isGiven = true
        val wait =
            synchronized(this) {
                worker?.interrupt()
                orderly
            }
        if (wait) {
            closed.await(LONGEST_SECONDS, TimeUnit.SECONDS)
        }
    }

    override fun close() {
        closed.countDown()
        try {
            Runtime.getRuntime().removeShutdownHook(hook)
        } catch (_: IllegalStateException) {
            // The process is ending, and the hook is what let this thread come so far.
        }
    }

    private companion object {
        const val LONGEST_SECONDS = 120L
    }
}
