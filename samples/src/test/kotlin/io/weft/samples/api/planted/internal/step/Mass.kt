package io.weft.samples.api.planted.internal.step

import kotlin.math.exp

/** A mass that depends on the machine. */
class Mass(
    logit: Double,
) {
    val value = exp(logit)
}
