package io.weft.dsl

import io.weft.expression.Expression
import io.weft.expression.Initializer
import io.weft.expression.Parameter
import io.weft.expression.Shape
import io.weft.expression.Unary
import io.weft.layer.Feature
import io.weft.layer.Inputs
import io.weft.layer.Layer
import io.weft.lower.Lowering
import io.weft.lower.WholeImageForm
import org.tensorflow.Operand
import org.tensorflow.types.family.TFloating

// region swish

/** A pointwise layer of one's own: x sigmoid(slope x) (Ramachandran et al. 2017). */
@JvmRecord
internal data class Swish(
    val slope: Float,
) : Layer {
    override fun shape(inputs: Inputs): Shape = inputs.only()

    override fun compute(inputs: Inputs): Expression {
        val x = inputs.exactly(1).read(0)
        return x.times(x.times(x.like(slope)).map(Unary.SIGMOID))
    }
}
// endregion

/** A spatial layer of one's own: a learned mix of the pixels above and to the left. */
@JvmRecord
internal data class Corner(
    val maps: Int,
) : Layer {
    override fun shape(inputs: Inputs): Shape = inputs.only().withMaps(maps)

    override fun compute(inputs: Inputs): Expression {
        val read = Expression.concat(listOf(inputs.read(0, -1, 0), inputs.read(0, 0, -1)))
        val width = read.width()
        val mix = Parameter.weight("mix", Initializer.glorot(width, maps), width, maps)
        return read
            .times(
                mix,
            ).plus(Expression.vector(Parameter.offset("bias", Initializer.zeros(), maps)))
    }
}

/** A layer with a whole-image form of its own: the pixel above, by padding and cropping. */
@JvmRecord
internal data class Above(
    val rows: Int,
) : Layer,
    WholeImageForm {
    override fun shape(inputs: Inputs): Shape = inputs.only()

    override fun compute(inputs: Inputs): Expression = inputs.exactly(1).read(0, -rows, 0)

    override fun <T : TFloating> lower(lowering: Lowering<T>): Operand<T> {
        val tf = lowering.tf()
        val paddings =
            tf.constant(
                arrayOf(intArrayOf(0, 0), intArrayOf(rows, 0), intArrayOf(0, 0), intArrayOf(0, 0)),
            )
        val padded = tf.pad(lowering.input(0), paddings, lowering.scalar(0.0))
        val shape = lowering.shape()
        val size = tf.constant(intArrayOf(-1, shape.height(), shape.width(), shape.maps()))
        return tf.slice(padded, tf.constant(IntArray(4)), size)
    }
}

// region function

/** A function of features, as a layer's author would give to users. */
internal fun Feature.swish(slope: Float = 1f): Feature = layer(Swish(slope))
// endregion
