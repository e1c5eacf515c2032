package io.weft.samples.cli

import com.fasterxml.jackson.databind.ObjectMapper
import java.io.PrintWriter
import java.util.Locale

/**
 * Where words go: results for people to standard output, or to standard error when standard output
 * is kept for one line of JSON; progress and notes always to standard error.
 */
internal class Console(
    private val out: PrintWriter,
    private val err: PrintWriter,
    private val json: Boolean,
) {
    /** Where results for people go. */
    val text: PrintWriter = if (json) err else out

    /** What is known of where [text] ends up. */
    val textTerminal: Terminal = if (json) Terminal.error() else Terminal.output()

    /** Prints a line of a result for people. */
    fun say(line: String) {
        text.println(line)
        check(text)
    }

    /** Prints a line that is not a result. */
    fun note(line: String) {
        err.println(line)
        err.flush()
    }

    /** Prints the result for machines, if it is asked for. */
    fun result(fields: Map<String, Any?>) {
        if (json) {
            out.println(JSON.writeValueAsString(fields))
            check(out)
        }
    }

    /** Flushes; nobody waits for results that cannot be told. */
    private fun check(printed: PrintWriter) {
        if (printed.checkError() && printed === out) throw OutputException()
    }

    /** Starts to show progress towards [last]: a bar on a terminal, else a line now and then. */
    fun progress(
        task: String,
        last: Long,
    ): Progress =
        if (Terminal.error().isThere) {
            ProgressBarProgress(
                task,
                last,
            )
        } else {
            LineProgress(task, last, ::note)
        }

    private companion object {
        val JSON = ObjectMapper()
    }
}

/** Formats with the point as the decimal mark, whatever the user's language. */
internal fun format(
    pattern: String,
    vararg values: Any?,
): String = String.format(Locale.ROOT, pattern, *values)
