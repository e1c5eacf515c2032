package io.weft.samples.api.planted.define

import io.weft.samples.api.planted.dsl.Scope
import io.weft.samples.api.planted.graph.Node
import io.weft.samples.api.planted.internal.step.Mass
import org.tensorflow.Graph
import org.tensorflow.Operand
import org.tensorflow.op.Ops
import org.tensorflow.types.TFloat32

/**
 * Breaks core's rules: it is written in Kotlin, knows the DSL, is in a cycle, shows TensorFlow, and
 * takes the machine's language, in names of operations as well; it opens a graph of its own, and shows
 * what is internal.
 */
class Builder(
    val scope: Scope,
    val node: Node,
) {
    fun logits(input: Operand<TFloat32>): String = "%d of them".format(input.rank())

    fun mass(): Mass = Mass(0.0)

    internal fun operations(): Ops = Ops.create(Graph())
}
