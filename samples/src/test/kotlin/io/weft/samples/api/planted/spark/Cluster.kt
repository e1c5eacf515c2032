package io.weft.samples.api.planted.spark

import io.weft.samples.api.planted.samples.Command

/** A fleet that knows the samples. */
class Cluster(
    val command: Command,
)
