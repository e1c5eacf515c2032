package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.IOException
import java.io.PrintWriter
import java.io.StringWriter
import java.io.Writer

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
    }) {
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
