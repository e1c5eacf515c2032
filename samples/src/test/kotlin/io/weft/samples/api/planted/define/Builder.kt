package io.weft.samples.api.planted.define

import io.weft.samples.api.planted.dsl.Scope
import io.weft.samples.api.planted.graph.Node
import org.tensorflow.Operand
import org.tensorflow.types.TFloat32

/** Breaks core's rules: it is written in Kotlin, knows the DSL, is in a cycle, shows TensorFlow. */
class Builder(
    val scope: Scope,
    val node: Node,
) {
    fun logits(input: Operand<TFloat32>): String = input.toString()
}
