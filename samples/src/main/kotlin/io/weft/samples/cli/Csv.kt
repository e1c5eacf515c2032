package io.weft.samples.cli

/** A line of a table with commas between the fields (RFC 4180), the line's end included. */
internal fun csvRow(fields: List<String>): String =
    fields.joinToString(",", postfix = "\n") { field ->
        if (field.any { it in "\",\r\n" }) "\"${field.replace("\"", "\"\"")}\"" else field
    }
