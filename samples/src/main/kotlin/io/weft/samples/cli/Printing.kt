@file:JvmName("Printing")

package io.weft.samples.cli

/**
 * Ends what a sample's main prints: what was not printed whole, because the disk is full or nobody
 * reads on, is no success.
 */
internal fun checkPrinted() {
    if (System.out.checkError()) throw OutputException()
}

/** Standard output takes nothing: the disk is full, or what read it has ended. */
internal class OutputException :
    RuntimeException(
        "standard output could not be written; make room, or see to it that it is read to its end",
    )
