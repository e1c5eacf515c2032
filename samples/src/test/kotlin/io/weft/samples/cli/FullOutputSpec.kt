package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempfile
import io.kotest.inspectors.forAll
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.weft.samples.Repository.ROOT
import java.io.File
import java.io.IOException
import java.io.PrintWriter
import java.io.StringWriter
import java.io.Writer
import kotlin.io.path.div
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readText

/** A standard output that takes nothing, like that of a full disk, is no success. */
class FullOutputSpec :
    StringSpec({
        val small = listOf("explain", "--model", "pixelcnn", "--blocks", "1", "--size", "4")
        listOf(listOf("--help"), listOf("--version"), small, small + "--json").forEach { words ->
            "weft ${words.joinToString(" ")}" {
                val err = StringWriter()
                val line = Weft.commandLine()
                line.out = PrintWriter(Full)
                line.err = PrintWriter(err, true)
                Weft.execute(line, *words.toTypedArray()) shouldBe ExitCode.FAILED
                err.toString() shouldContain "standard output could not be written"
            }
        }

        "what can be printed is a success" {
            val line = Weft.commandLine()
            line.out = PrintWriter(StringWriter())
            Weft.execute(line, "--version") shouldBe ExitCode.OK
        }

        "every sample's main asks whether it was printed" {
            val pages =
                listOf("kotlin", "java").flatMap {
                    (ROOT / "samples/src/main" / it / "io/weft/samples").listDirectoryEntries("*.*")
                }
            val mains =
                pages.map { it.readText() }.filter { " main(" in it }.map {
                    it.substringAfter(" main(")
                }
            mains.size shouldBeGreaterThan 10
            mains.forAll { it shouldContain "checkPrinted()" }
        }

        "a sample whose output nobody takes fails, and says so".config(enabled = FULL.exists()) {
            val err = tempfile()
            val words = OwnProcess.words(listOf(), program = "io.weft.samples.RefusedKt")
            val process = ProcessBuilder(words).redirectOutput(FULL).redirectError(err).start()
            process.waitFor() shouldNotBe 0
            err.readText() shouldContain "standard output could not be written"
        }
    }) {
    private companion object {
        /** Takes nothing, as a full disk; there is one on Linux. */
        val FULL = File("/dev/full")
    }

    private object Full : Writer() {
        override fun write(
            buffer: CharArray,
            from: Int,
            count: Int,
        ): Unit = throw IOException("No space left on device")

        override fun flush() = Unit

        override fun close() = Unit
    }
}
