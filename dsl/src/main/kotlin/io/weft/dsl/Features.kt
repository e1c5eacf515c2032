@file:JvmName("Features")

package io.weft.dsl

import io.weft.expression.Span
import io.weft.layer.CausalAttention
import io.weft.layer.CausalConvolution
import io.weft.layer.ColourGroups
import io.weft.layer.Convolution
import io.weft.layer.ConvolutionForm
import io.weft.layer.Feature
import io.weft.layer.Layer
import io.weft.layer.MaskType
import io.weft.layer.Pointwise
import io.weft.layer.ShiftedConvolution
import io.weft.layer.Support
import io.weft.layer.TransposedConvolution
import io.weft.spec.DefinitionException

/** Rows. */
public val Feature.height: Int
    get() = shape().height()

/** Columns. */
public val Feature.width: Int
    get() = shape().width()

/** Maps at every position. */
public val Feature.maps: Int
    get() = shape().maps()

/**
 * Returns the causal convolution of this feature: the rows above, and the own row up to the own
 * position.
 *
 * @param maps output maps
 * @param kernel size of the square kernel, odd
 * @param type type A for the first layer, which reads the image; else B
 * @param dilation distance between taps, at least 1
 * @param colours how maps belong to colour channels ([ModelScope.colours] for RGB), which matters
 *   at the own position only
 * @param form how it is run over whole images; all forms give the same numbers
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 * @throws IllegalArgumentException if a size is out of range
 */
public fun Feature.causalConv(
    maps: Int,
    kernel: Int,
    type: MaskType = MaskType.B,
    dilation: Int = 1,
    colours: ColourGroups = ColourGroups.none(),
    form: ConvolutionForm = ConvolutionForm.SHIFTED,
    name: String = "",
): Feature =
    apply(
        name,
        CausalConvolution(maps, kernel, kernel, dilation, type, Support.FULL, colours, form),
    )

/**
 * Returns the causal convolution of this feature over whole rows. With type B the result at row i
 * has seen all of row i, so shift it down one row before anything of row i reads it.
 *
 * @param maps output maps
 * @param kernel size of the square kernel, odd
 * @param type type A for the rows above only; type B with the own row, all of it
 * @param dilation distance between taps, at least 1
 * @param form how it is run over whole images; all forms give the same numbers
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 * @throws IllegalArgumentException if a size is out of range
 */
public fun Feature.verticalConv(
    maps: Int,
    kernel: Int,
    type: MaskType = MaskType.B,
    dilation: Int = 1,
    form: ConvolutionForm = ConvolutionForm.SHIFTED,
    name: String = "",
): Feature =
    apply(
        name,
        CausalConvolution
            .vertical(
                maps,
                kernel,
                kernel,
                type,
            ).withDilation(dilation)
            .withForm(form),
    )

/**
 * Returns the causal convolution of this feature along the row.
 *
 * @param maps output maps
 * @param kernel width of the nominal kernel, odd
 * @param type type A for the first layer, which reads the image; else B
 * @param dilation distance between taps, at least 1
 * @param colours how maps belong to colour channels ([ModelScope.colours] for RGB), which matters
 *   at the own position only
 * @param form how it is run over whole images; all forms give the same numbers
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 * @throws IllegalArgumentException if a size is out of range
 */
public fun Feature.horizontalConv(
    maps: Int,
    kernel: Int,
    type: MaskType = MaskType.B,
    dilation: Int = 1,
    colours: ColourGroups = ColourGroups.none(),
    form: ConvolutionForm = ConvolutionForm.SHIFTED,
    name: String = "",
): Feature =
    apply(
        name,
        CausalConvolution
            .horizontal(maps, kernel, type)
            .withDilation(dilation)
            .withColours(colours)
            .withForm(form),
    )

/**
 * Returns the 1 x 1 convolution of this feature.
 *
 * @param maps output maps
 * @param bias whether a bias is added
 * @param colours how maps belong to colour channels ([ModelScope.colours] for RGB)
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 */
public fun Feature.conv1x1(
    maps: Int,
    bias: Pointwise.Bias = Pointwise.Bias.LEARNED,
    colours: ColourGroups = ColourGroups.none(),
    name: String = "",
): Feature = apply(name, Pointwise(maps, bias, colours))

/**
 * Returns the convolution of this feature on all sides: for what is known before the first pixel,
 * such as conditions.
 *
 * @param maps output maps
 * @param kernel size of the square kernel, odd
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 * @throws IllegalArgumentException if a size is out of range
 */
public fun Feature.conv(
    maps: Int,
    kernel: Int = 3,
    name: String = "",
): Feature = apply(name, Convolution.square(maps, kernel))

/**
 * Returns this feature, a condition, on a grid that is [stride] times as fine, by a transposed
 * convolution.
 *
 * @param maps output maps
 * @param stride at least 1
 * @param kernel size of the square that each position spreads over, at least the stride
 * @param like gives the grid where it is no multiple of this one, and the result is cropped to it;
 *   nothing else of it is read
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 * @throws IllegalArgumentException if a size is out of range
 */
public fun Feature.upConv(
    maps: Int,
    stride: Int,
    kernel: Int = 2 * stride,
    like: Feature? = null,
    name: String = "",
): Feature =
    layer(
        TransposedConvolution(maps, kernel, stride),
        *listOfNotNull(like).toTypedArray(),
        name = name,
    )

/**
 * Returns the weight-normalised convolution of this feature over its own row and those above
 * (PixelCNN++); what reads the image is shifted down after it.
 *
 * @param maps output maps
 * @param kernelHeight rows of the kernel; the last one is the own row
 * @param kernelWidth columns of the kernel, odd
 * @param stride distance between the positions that are computed, at least 1
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 * @throws IllegalArgumentException if a size is out of range
 */
public fun Feature.downShiftedConv(
    maps: Int,
    kernelHeight: Int = 2,
    kernelWidth: Int = 3,
    stride: Int = 1,
    name: String = "",
): Feature =
    apply(name, ShiftedConvolution.down(maps, kernelHeight, kernelWidth).withStride(stride))

/**
 * Returns the weight-normalised convolution of this feature over its own row and those above, its
 * own column and those to the left (PixelCNN++); what reads the image is shifted after it.
 *
 * @param maps output maps
 * @param kernelHeight rows of the kernel; the last one is the own row
 * @param kernelWidth columns of the kernel; the last one is the own column
 * @param stride distance between the positions that are computed, at least 1
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 * @throws IllegalArgumentException if a size is out of range
 */
public fun Feature.downRightShiftedConv(
    maps: Int,
    kernelHeight: Int = 2,
    kernelWidth: Int = 2,
    stride: Int = 1,
    name: String = "",
): Feature =
    apply(name, ShiftedConvolution.downRight(maps, kernelHeight, kernelWidth).withStride(stride))

/**
 * Returns what these queries find: attention of each position to others by their place in the
 * generation order, whatever that is. Where there is nothing to attend to, it is 0.
 *
 * @param keys of the same grid and as many maps as this
 * @param values of the same grid; the result has as many maps
 * @param heads into how many equal parts queries, keys and values are cut, each attending for itself
 * @param span what is attended to: [Span.EARLIER] where keys or values see their own pixel, else
 *   [Span.UP_TO_OWN] as well, or the last of either
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 * @throws IllegalArgumentException if there are no heads
 */
public fun Feature.causalAttention(
    keys: Feature,
    values: Feature,
    heads: Int = 1,
    span: Span = Span.EARLIER,
    name: String = "",
): Feature = layer(CausalAttention(heads, span), keys, values, name = name)

/**
 * Returns what a layer of your own, or any other, gives for this feature and [others].
 *
 * @param name the name within the current block; empty to be named after the layer
 * @throws DefinitionException if the shapes do not fit
 */
public fun Feature.layer(
    layer: Layer,
    vararg others: Feature,
    name: String = "",
): Feature = scope().apply(name, layer, listOf(this, *others))

/**
 * Returns this feature plus what [branch] makes of it: a residual connection.
 *
 * @throws DefinitionException if the branch has other maps
 */
@JvmSynthetic
public inline fun Feature.residual(branch: Feature.() -> Feature): Feature = branch() + this

/**
 * Returns what [step] gives for each of 0 until [times]: blocks one after the other, and what each
 * leaves for later.
 */
@JvmSynthetic
public inline fun <T> repeated(
    times: Int,
    step: (Int) -> T,
): List<T> = List(times, step)

/**
 * Returns the sum of features of one shape; a global one (1 x 1) is added everywhere.
 *
 * @throws DefinitionException if there is none, or the maps differ
 */
public fun sum(features: List<Feature>): Feature = Feature.sum(features)

/**
 * Returns the maps of features side by side; a global one (1 x 1) is repeated everywhere.
 *
 * @throws DefinitionException if the heights and widths differ
 */
public fun concat(
    first: Feature,
    vararg others: Feature,
): Feature = first.concat(*others)
