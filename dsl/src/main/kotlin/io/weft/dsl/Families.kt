@file:JvmName("Families")

package io.weft.dsl

import io.weft.define.Definition
import io.weft.distribution.Distribution
import io.weft.layer.Feature
import io.weft.layer.MaskType
import io.weft.layer.ShiftedConvolution
import io.weft.model.GatedPixelCnn
import io.weft.model.Head
import io.weft.model.ImageGpt
import io.weft.model.LocallyMaskedPixelCnn
import io.weft.model.ModelFamily
import io.weft.model.PixelCnn
import io.weft.model.PixelCnnPlusPlus
import io.weft.model.PixelRnn
import io.weft.model.PixelSnail
import io.weft.model.VerticalForm
import io.weft.spec.DefinitionException
import io.weft.spec.ImageSpec
import java.util.Optional

/** Returns the vertical and the horizontal stack of a Gated PixelCNN where they begin. */
public fun twoStacks(image: Feature): GatedPixelCnn.Stacks = GatedPixelCnn.Stacks.of(image)

/**
 * Returns a block of Gated PixelCNN (arXiv 1606.05328, figure 2): the stacks for the next block,
 * and the block's share of what the head reads.
 *
 * @param stacks what [twoStacks] or the block before gave
 * @param maps maps of the block, at least the number of colour channels
 * @param kernel size n of the vertical and horizontal kernels, odd
 * @param type type A for the block that reads the image (which then has no residual), else B
 * @param vertical the vertical convolution as n x n, or as 1 x n and n x 1
 * @param conditions what the gates of both stacks are conditioned on
 * @param dropout the share of what the gates give that is dropped in training
 * @throws DefinitionException if the shapes do not fit
 */
public fun ModelScope.gatedBlock(
    stacks: GatedPixelCnn.Stacks,
    maps: Int,
    kernel: Int = ModelFamily.KERNEL,
    type: MaskType = MaskType.B,
    vertical: VerticalForm = VerticalForm.SQUARE,
    conditions: List<Feature> = emptyList(),
    dropout: Double = 0.0,
): GatedPixelCnn.Block =
    GatedPixelCnn.block(builder, stacks, maps, kernel, type, vertical, dropout, conditions)

/**
 * Returns what the last block of a Gated PixelCNN gives to the head. It is of type B, and has no
 * stacks, which nothing would read.
 *
 * @param stacks what the block before gave
 * @param maps maps of the block, at least the number of colour channels
 * @param kernel size n of the vertical and horizontal kernels, odd
 * @param vertical the vertical convolution as n x n, or as 1 x n and n x 1
 * @param conditions what the gates of both stacks are conditioned on
 * @param dropout the share of what the gates give that is dropped in training
 * @throws DefinitionException if the shapes do not fit
 */
public fun ModelScope.lastGatedBlock(
    stacks: GatedPixelCnn.Stacks,
    maps: Int,
    kernel: Int = ModelFamily.KERNEL,
    vertical: VerticalForm = VerticalForm.SQUARE,
    conditions: List<Feature> = emptyList(),
    dropout: Double = 0.0,
): Feature = GatedPixelCnn.lastBlock(builder, stacks, maps, kernel, vertical, dropout, conditions)

/**
 * Returns the logits at the end of a PixelCNN: ReLU, 1 x 1, ReLU, 1 x 1.
 *
 * @param feature what the body gives
 * @param maps maps between the two 1 x 1 convolutions
 * @param distribution what the logits describe
 */
public fun ModelScope.head(
    feature: Feature,
    maps: Int,
    distribution: Distribution = Distribution.softmax(),
): Feature = Head.logits(builder, feature, maps, distribution)

/**
 * Returns a PixelCNN (arXiv 1601.06759, section 3.5).
 *
 * @param image the images
 * @param options all that [PixelCnn.Builder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun pixelCnn(
    image: ImageSpec,
    options: PixelCnn.Builder.() -> Unit = {},
): Definition = PixelCnn.builder(image).apply(options).build()

/**
 * Returns a textbook PixelCNN: with batch normalisation, and dilations 1, 2, 1, 3, 1, 2, 1.
 *
 * @param image the images
 * @param options all that [PixelCnn.TextbookBuilder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun textbookPixelCnn(
    image: ImageSpec,
    options: PixelCnn.TextbookBuilder.() -> Unit = {},
): Definition = PixelCnn.textbookBuilder(image).apply(options).build()

/**
 * Returns a Gated PixelCNN (arXiv 1606.05328).
 *
 * @param image the images
 * @param options all that [GatedPixelCnn.Builder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun gatedPixelCnn(
    image: ImageSpec,
    options: GatedPixelCnn.Builder.() -> Unit = {},
): Definition = GatedPixelCnn.builder(image).apply(options).build()

/**
 * Returns a locally masked PixelCNN (arXiv 2006.12486): one set of weights for any
 * generation orders, one of which is drawn for each training step.
 *
 * @param image the images
 * @param options all that [LocallyMaskedPixelCnn.Builder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun locallyMaskedPixelCnn(
    image: ImageSpec,
    options: LocallyMaskedPixelCnn.Builder.() -> Unit = {},
): Definition = LocallyMaskedPixelCnn.builder(image).apply(options).build()

/**
 * Returns a gated residual block of PixelCNN++ (arXiv 1701.05517).
 *
 * @param from the input
 * @param convolution the convolution, to as many maps as the input has
 * @param aside what comes in from another stream or from across, after concat-ELU
 * @param dropout the share of values that are dropped in training, at least 0 and below 1
 * @param conditions what the block is conditioned on
 * @throws DefinitionException if the shapes do not fit
 */
public fun ModelScope.gatedResidual(
    from: Feature,
    convolution: ShiftedConvolution,
    aside: Feature? = null,
    dropout: Double = PixelCnnPlusPlus.DROPOUT,
    conditions: List<Feature> = emptyList(),
): Feature =
    PixelCnnPlusPlus.gatedResidual(
        builder,
        from,
        from.concatElu(),
        Optional.ofNullable(aside),
        convolution,
        dropout,
        conditions,
    )

/**
 * Returns a PixelCNN++ (arXiv 1701.05517).
 *
 * @param image the images
 * @param options all that [PixelCnnPlusPlus.Builder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun pixelCnnPlusPlus(
    image: ImageSpec,
    options: PixelCnnPlusPlus.Builder.() -> Unit = {},
): Definition = PixelCnnPlusPlus.builder(image).apply(options).build()

/**
 * Returns a Row LSTM of features (arXiv 1601.06759, section 3.1).
 *
 * @param from any maps
 * @param units h, the maps of the result; at least one for each colour channel
 * @param kernel columns that input and state are read at, odd
 * @param conditions what the gates are conditioned on
 * @throws DefinitionException if the shapes do not fit
 */
public fun ModelScope.rowLstm(
    from: Feature,
    units: Int,
    kernel: Int = ModelFamily.KERNEL,
    conditions: List<Feature> = emptyList(),
): Feature = PixelRnn.rowLstm(builder, from, units, kernel, conditions)

/**
 * Returns a Diagonal BiLSTM of features (arXiv 1601.06759, section 3.2): from left to right, plus
 * from right to left, moved down by one row.
 *
 * @param from any maps
 * @param units h, the maps of the result; at least one for each colour channel
 * @param conditions what the gates of both directions are conditioned on
 * @throws DefinitionException if the shapes do not fit
 */
public fun ModelScope.diagonalBiLstm(
    from: Feature,
    units: Int,
    conditions: List<Feature> = emptyList(),
): Feature = PixelRnn.diagonalBiLstm(builder, from, units, conditions)

/**
 * Returns a Row LSTM (arXiv 1601.06759, section 3.1). Of what is earlier it sees a triangle above
 * the pixel, whatever its depth.
 *
 * @param image the images
 * @param options all that [PixelRnn.RowLstmBuilder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun rowLstm(
    image: ImageSpec,
    options: PixelRnn.RowLstmBuilder.() -> Unit = {},
): Definition = PixelRnn.rowLstmBuilder(image).apply(options).build()

/**
 * Returns a Diagonal BiLSTM (arXiv 1601.06759, section 3.2). It sees all that is earlier but
 * the last pixel of the row above, where the first kernel does not reach it.
 *
 * @param image the images
 * @param options all that [PixelRnn.DiagonalBiLstmBuilder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun diagonalBiLstm(
    image: ImageSpec,
    options: PixelRnn.DiagonalBiLstmBuilder.() -> Unit = {},
): Definition = PixelRnn.diagonalBiLstmBuilder(image).apply(options).build()

/**
 * Returns a PixelSNAIL (arXiv 1712.09763).
 *
 * @param image the images
 * @param options all that [PixelSnail.Builder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun pixelSnail(
    image: ImageSpec,
    options: PixelSnail.Builder.() -> Unit = {},
): Definition = PixelSnail.builder(image).apply(options).build()

/**
 * Returns a small decoder-only transformer over pixels, in any generation orders.
 *
 * @param image the images
 * @param options all that [ImageGpt.Builder] has; what is not said keeps the default
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun imageGpt(
    image: ImageSpec,
    options: ImageGpt.Builder.() -> Unit = {},
): Definition = ImageGpt.builder(image).apply(options).build()
