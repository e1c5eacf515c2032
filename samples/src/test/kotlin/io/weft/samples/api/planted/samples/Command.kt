package io.weft.samples.api.planted.samples

/** A sample. */
class Command
