@file:JvmName("WeightMappings")

package io.weft.dsl

import io.weft.exchange.Tensor
import io.weft.exchange.WeightMapping

/**
 * Says which arrays of another program's file the parameters of a model are: a [WeightMapping].
 *
 * ```
 * val mapping = weightMapping {
 *     "block/vertical" torch "blocks.0.v"
 *     "class/kernel" takes "blocks.0.cond.weight[:, 0:32]"
 *     "block/link/kernel" from { read("blocks.0.v2h.weight").transposed(1, 0) }
 *     leaveOut("blocks.3.res.*")
 * }
 * val weights = readDataSuspending { mapping.apply(definition, TensorFile.open(file)).weights() }
 * ```
 */
@JvmSynthetic
public fun weightMapping(describe: WeightMappingScope.() -> Unit): WeightMapping =
    WeightMapping.builder().also { WeightMappingScope(it).describe() }.build()

/** The receiver of [weightMapping]'s lambda; names are full ones: "block/vertical/kernel". */
@WeftDsl
public class WeightMappingScope internal constructor(
    private val mapping: WeightMapping.Builder,
) {
    /** Takes all parameters of this layer from a module of PyTorch's state dictionary. */
    public infix fun String.torch(module: String) {
        mapping.torch(this, module)
    }

    /**
     * Takes this parameter or layer from what stands behind the "=" of a line of [WeightMapping].
     *
     * @throws IllegalArgumentException if it is not understood
     */
    public infix fun String.takes(formula: String) {
        mapping.parameter(this, formula)
    }

    /** Takes this parameter from a function that reads arrays and returns one in its sizes. */
    public infix fun String.from(rule: (@WeftDsl WeightMapping.Source).() -> Tensor) {
        mapping.parameter(this, WeightMapping.Rule { source -> source.rule() })
    }

    /** Leaves arrays of the file out; "*" stands for any letters. */
    public fun leaveOut(pattern: String) {
        mapping.leaveOut(pattern)
    }

    /** Takes all parameters that nothing else gives from the arrays of their own names. */
    public fun restByName() {
        mapping.restByName()
    }

    /**
     * Adds the lines of a text.
     *
     * @throws IllegalArgumentException if one is not understood; the message has its number
     */
    public fun lines(text: String) {
        mapping.lines(text)
    }
}
