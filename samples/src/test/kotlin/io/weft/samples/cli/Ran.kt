package io.weft.samples.cli

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import java.io.PrintWriter
import java.io.StringWriter
import java.io.Writer

/** What a command line gave when run in this process. */
internal class Ran(
    val exitCode: Int,
    val out: String,
    val err: String,
) {
    /** The one line of JSON that standard output must be. */
    fun json(): JsonNode {
        check(out.endsWith("\n") && out.count { it == '\n' } == 1) { "not one line: <$out>, $err" }
        return ObjectMapper().readTree(out)
    }

    override fun toString(): String = "exit code $exitCode, out <$out>, err <$err>"
}

/** Runs a command line. */
internal fun weft(
    vararg arguments: String,
    err: Writer = StringWriter(),
): Ran {
    val out = StringWriter()
    val command = Weft.commandLine()
    command.out = PrintWriter(out)
    command.err = PrintWriter(err, true)
    val code = command.execute(*arguments)
    command.out.flush()
    return Ran(code, out.toString(), err.toString())
}
