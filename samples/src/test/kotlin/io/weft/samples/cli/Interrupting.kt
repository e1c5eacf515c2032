package io.weft.samples.cli

import java.io.StringWriter

/** What a command says, which interrupts it, as Ctrl-C does, whenever that has certain words. */
internal class Interrupting(
    private val words: String,
) : StringWriter() {
    override fun write(
        text: String,
        offset: Int,
        length: Int,
    ) {
        super.write(text, offset, length)
        if (words in text) Thread.currentThread().interrupt()
    }
}
