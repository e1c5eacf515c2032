package io.weft.samples.cli

/** A number of things in words: "1 image", "2 images". */
internal fun counted(
    count: Number,
    thing: String,
): String = "$count $thing" + if (count.toLong() == 1L) "" else "s"
