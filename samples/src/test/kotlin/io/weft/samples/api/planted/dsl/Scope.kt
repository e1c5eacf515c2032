package io.weft.samples.api.planted.dsl

import io.weft.samples.api.planted.samples.Command

/** A DSL that knows the samples. */
class Scope(
    val command: Command,
)
