package io.weft.samples.serve

import io.weft.samples.cli.OwnProcess
import java.io.File
import java.net.URI
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.useLines

/**
 * `weft serve` in a process of its own, and what that holds of the system. Its Java heap is all there
 * from the beginning, so that what grows is not the heap.
 */
internal class ServingProcess private constructor(
    private val process: Process,
    val port: Int,
) : AutoCloseable {
    private val said = PROCESSES / "${process.pid()}"

    /** The megabytes that Linux cannot read again from files. */
    val megabytes: Int
        get() {
            val line = (said / "status").useLines { all -> all.first { it.startsWith(MEMORY) } }
            return line.filter { it.isDigit() }.toInt() / KILO
        }

    /** Open files and sockets. */
    val files: Int get() = (said / "fd").listDirectoryEntries().size

    /** Threads, those of native libraries among them. */
    val threads: Int get() = (said / "task").listDirectoryEntries().size

    override fun close() {
        process.destroy()
        process.waitFor()
    }

    companion object {
        private const val MEMORY = "RssAnon:"
        private const val KILO = 1024
        private val PROCESSES = Path("/proc")

        /** Whether the system says what a process holds, in the way of Linux. */
        val isMeasurable: Boolean get() = (PROCESSES / "self" / "status").exists()

        /** Starts one in [folder], and waits until it listens. */
        fun start(
            folder: File,
            vararg arguments: String,
        ): ServingProcess {
            val java = listOf("-Xms256m", "-XX:+AlwaysPreTouch")
            val err = folder.resolve("serve.err")
            val process =
                ProcessBuilder(OwnProcess.words(java, "serve", *arguments, "--port=0", "--json"))
                    .directory(folder)
                    .redirectError(err)
                    .start()
            val line = process.inputReader().readLine() ?: error(err.readText())
            return ServingProcess(process, URI(JSON.readTree(line)["url"].asText()).port)
        }
    }
}
