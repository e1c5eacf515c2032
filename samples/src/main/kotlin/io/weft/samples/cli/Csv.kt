package io.weft.samples.cli

import io.weft.internal.files.AtomicFile
import java.nio.file.Path

/** A table with commas between the fields (RFC 4180), written whole or not at all. */
internal object Csv {
    /** Writes a table [to] a file: [rows] gives one row after the other to what it is given. */
    fun write(
        to: Path,
        rows: ((List<String>) -> Unit) -> Unit,
    ) = AtomicFile.write(to) { out ->
        val text = out.bufferedWriter()
        rows { text.write(row(it)) }
        text.flush()
    }

    private fun row(fields: List<String>): String =
        fields.joinToString(",", postfix = "\n") { field ->
            if (field.any { it in "\",\r\n" }) "\"${field.replace("\"", "\"\"")}\"" else field
        }
}
