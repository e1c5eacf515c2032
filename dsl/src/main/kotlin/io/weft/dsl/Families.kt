@file:JvmName("Families")

package io.weft.dsl

import io.weft.define.Definition
import io.weft.graph.Condition
import io.weft.graph.Distribution
import io.weft.graph.ImageSpec
import io.weft.layer.DefinitionException
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
import io.weft.order.GenerationOrder
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
 * @throws DefinitionException if the shapes do not fit
 */
public fun ModelScope.gatedBlock(
    stacks: GatedPixelCnn.Stacks,
    maps: Int,
    kernel: Int = ModelFamily.KERNEL,
    type: MaskType = MaskType.B,
    vertical: VerticalForm = VerticalForm.SQUARE,
    conditions: List<Feature> = emptyList(),
): GatedPixelCnn.Block =
    GatedPixelCnn.block(builder, stacks, maps, kernel, type, vertical, conditions)

/**
 * Returns what the last block of a Gated PixelCNN gives to the head. It is of type B, and has no
 * stacks, which nothing would read.
 *
 * @param stacks what the block before gave
 * @param maps maps of the block, at least the number of colour channels
 * @param kernel size n of the vertical and horizontal kernels, odd
 * @param vertical the vertical convolution as n x n, or as 1 x n and n x 1
 * @param conditions what the gates of both stacks are conditioned on
 * @throws DefinitionException if the shapes do not fit
 */
public fun ModelScope.lastGatedBlock(
    stacks: GatedPixelCnn.Stacks,
    maps: Int,
    kernel: Int = ModelFamily.KERNEL,
    vertical: VerticalForm = VerticalForm.SQUARE,
    conditions: List<Feature> = emptyList(),
): Feature = GatedPixelCnn.lastBlock(builder, stacks, maps, kernel, vertical, conditions)

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
 * @param name the model's name
 * @param blocks residual blocks
 * @param maps h, half the width of the residual stream
 * @param kernel kernel of the blocks, odd
 * @param firstKernel kernel of the layer that reads the image, odd
 * @param distribution of one colour value; [Distribution.bernoulli] for 2 levels
 * @param conditions what the model is conditioned on
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun pixelCnn(
    image: ImageSpec,
    name: String = PixelCnn.NAME,
    blocks: Int = PixelCnn.BLOCKS,
    maps: Int = PixelCnn.MAPS,
    kernel: Int = ModelFamily.KERNEL,
    firstKernel: Int = ModelFamily.FIRST_KERNEL,
    distribution: Distribution = Distribution.softmax(),
    conditions: List<Condition> = emptyList(),
): Definition =
    PixelCnn
        .builder(image)
        .name(name)
        .blocks(blocks)
        .maps(maps)
        .kernel(kernel)
        .firstKernel(firstKernel)
        .distribution(distribution)
        .conditionedOn(conditions)
        .build()

/**
 * Returns a textbook PixelCNN: with batch normalisation, and dilations 1, 2, 1, 3, 1, 2, 1.
 *
 * @param image the images
 * @param name the model's name
 * @param blocks residual blocks
 * @param maps h, half the width of the residual stream
 * @param kernel kernel of the blocks, odd
 * @param firstKernel kernel of the layer that reads the image, odd
 * @param distribution of one colour value; [Distribution.bernoulli] for 2 levels
 * @param conditions what the model is conditioned on
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun textbookPixelCnn(
    image: ImageSpec,
    name: String = PixelCnn.TEXTBOOK_NAME,
    blocks: Int = PixelCnn.BLOCKS,
    maps: Int = PixelCnn.MAPS,
    kernel: Int = ModelFamily.KERNEL,
    firstKernel: Int = ModelFamily.FIRST_KERNEL,
    distribution: Distribution = Distribution.softmax(),
    conditions: List<Condition> = emptyList(),
): Definition =
    PixelCnn
        .textbookBuilder(image)
        .name(name)
        .blocks(blocks)
        .maps(maps)
        .kernel(kernel)
        .firstKernel(firstKernel)
        .distribution(distribution)
        .conditionedOn(conditions)
        .build()

/**
 * Returns a Gated PixelCNN (arXiv 1606.05328), conditional if [conditions] are given.
 *
 * @param image the images
 * @param name the model's name
 * @param blocks blocks after the first
 * @param maps maps of every block
 * @param kernel kernel of the blocks after the first, odd
 * @param firstKernel kernel of the block that reads the image, odd
 * @param vertical the vertical convolutions as n x n, or as 1 x n and n x 1
 * @param distribution of one colour value; [Distribution.bernoulli] for 2 levels
 * @param conditions what every gate is conditioned on
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun gatedPixelCnn(
    image: ImageSpec,
    name: String = GatedPixelCnn.NAME,
    blocks: Int = GatedPixelCnn.BLOCKS,
    maps: Int = GatedPixelCnn.MAPS,
    kernel: Int = ModelFamily.KERNEL,
    firstKernel: Int = ModelFamily.FIRST_KERNEL,
    vertical: VerticalForm = VerticalForm.SQUARE,
    distribution: Distribution = Distribution.softmax(),
    conditions: List<Condition> = emptyList(),
): Definition =
    GatedPixelCnn
        .builder(image)
        .name(name)
        .blocks(blocks)
        .maps(maps)
        .kernel(kernel)
        .firstKernel(firstKernel)
        .vertical(vertical)
        .distribution(distribution)
        .conditionedOn(conditions)
        .build()

/**
 * Returns a locally masked PixelCNN (arXiv 2006.12486): one set of weights for any generation
 * orders, one of which is drawn for each training step.
 *
 * @param image the images
 * @param orders the generation orders; scoring and sampling take the first unless told otherwise
 * @param name the model's name
 * @param blocks blocks at each of the three depths on the way down
 * @param maps maps of every block, a multiple of the colour channels
 * @param kernel kernel of the blocks, odd
 * @param firstKernel kernel of the layer that reads the image, odd
 * @param dropout the share that every block drops in training
 * @param distribution of one colour value
 * @param conditions what every block is conditioned on
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun locallyMaskedPixelCnn(
    image: ImageSpec,
    orders: List<GenerationOrder> =
        listOf(GenerationOrder.raster(image.height(), image.width())),
    name: String = LocallyMaskedPixelCnn.NAME,
    blocks: Int = LocallyMaskedPixelCnn.BLOCKS,
    maps: Int = LocallyMaskedPixelCnn.suitingMaps(image, LocallyMaskedPixelCnn.MAPS),
    kernel: Int = ModelFamily.KERNEL,
    firstKernel: Int = ModelFamily.KERNEL,
    dropout: Double = 0.0,
    distribution: Distribution =
        if (image.levels() == 2) Distribution.bernoulli() else Distribution.softmax(),
    conditions: List<Condition> = emptyList(),
): Definition =
    LocallyMaskedPixelCnn
        .builder(image)
        .orders(orders)
        .name(name)
        .blocks(blocks)
        .maps(maps)
        .kernel(kernel)
        .firstKernel(firstKernel)
        .dropout(dropout)
        .distribution(distribution)
        .conditionedOn(conditions)
        .build()

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
 * Returns a PixelCNN++ (arXiv 1701.05517), conditional if [conditions] are given.
 *
 * @param image the images, of any height and width
 * @param name the model's name
 * @param blocks residual blocks at each of the three resolutions
 * @param maps maps of every feature
 * @param components logistic distributions that are mixed for a pixel
 * @param dropout the share of values that every block drops in training, at least 0 and below 1
 * @param kernel n of the (n+1)/2 x n and (n+1)/2 x (n+1)/2 kernels of both streams, odd
 * @param conditions what every block is conditioned on
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun pixelCnnPlusPlus(
    image: ImageSpec,
    name: String = PixelCnnPlusPlus.NAME,
    blocks: Int = PixelCnnPlusPlus.BLOCKS,
    maps: Int = PixelCnnPlusPlus.MAPS,
    components: Int = PixelCnnPlusPlus.COMPONENTS,
    dropout: Double = PixelCnnPlusPlus.DROPOUT,
    kernel: Int = ModelFamily.KERNEL,
    conditions: List<Condition> = emptyList(),
): Definition =
    PixelCnnPlusPlus
        .builder(image)
        .name(name)
        .blocks(blocks)
        .maps(maps)
        .components(components)
        .dropout(dropout)
        .kernel(kernel)
        .conditionedOn(conditions)
        .build()

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
 * Returns a Row LSTM (arXiv 1601.06759, section 3.1), conditional if [conditions] are given. Of
 * what is earlier it sees a triangle above the pixel, whatever its depth.
 *
 * @param image the images
 * @param name the model's name
 * @param blocks recurrent blocks
 * @param units h, half the width of the residual stream
 * @param kernel columns that input and state are read at, odd
 * @param firstKernel kernel of the layer that reads the image, odd
 * @param headMaps maps between the two 1 x 1 convolutions of the head
 * @param skips whether the head reads every block beside the end of the stream
 * @param distribution of one colour value; [Distribution.bernoulli] for 2 levels
 * @param conditions what every recurrence is conditioned on
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun rowLstm(
    image: ImageSpec,
    name: String = PixelRnn.ROW_LSTM_NAME,
    blocks: Int = PixelRnn.BLOCKS,
    units: Int = PixelRnn.UNITS,
    kernel: Int = ModelFamily.KERNEL,
    firstKernel: Int = ModelFamily.FIRST_KERNEL,
    headMaps: Int = 2 * units,
    skips: PixelRnn.Skips = PixelRnn.Skips.NONE,
    distribution: Distribution = Distribution.softmax(),
    conditions: List<Condition> = emptyList(),
): Definition =
    PixelRnn
        .rowLstmBuilder(image)
        .name(name)
        .blocks(blocks)
        .maps(units)
        .kernel(kernel)
        .firstKernel(firstKernel)
        .headMaps(headMaps)
        .skips(skips)
        .distribution(distribution)
        .conditionedOn(conditions)
        .build()

/**
 * Returns a Diagonal BiLSTM (arXiv 1601.06759, section 3.2), conditional if [conditions] are given.
 * It sees all that is earlier but the last pixel of the row above, where the first kernel does not
 * reach it.
 *
 * @param image the images
 * @param name the model's name
 * @param blocks recurrent blocks
 * @param units h, half the width of the residual stream
 * @param firstKernel kernel of the layer that reads the image, odd
 * @param headMaps maps between the two 1 x 1 convolutions of the head
 * @param skips whether the head reads every block beside the end of the stream
 * @param distribution of one colour value; [Distribution.bernoulli] for 2 levels
 * @param conditions what every recurrence is conditioned on
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun diagonalBiLstm(
    image: ImageSpec,
    name: String = PixelRnn.DIAGONAL_BILSTM_NAME,
    blocks: Int = PixelRnn.BLOCKS,
    units: Int = PixelRnn.UNITS,
    firstKernel: Int = ModelFamily.FIRST_KERNEL,
    headMaps: Int = 2 * units,
    skips: PixelRnn.Skips = PixelRnn.Skips.NONE,
    distribution: Distribution = Distribution.softmax(),
    conditions: List<Condition> = emptyList(),
): Definition =
    PixelRnn
        .diagonalBiLstmBuilder(image)
        .name(name)
        .blocks(blocks)
        .maps(units)
        .firstKernel(firstKernel)
        .headMaps(headMaps)
        .skips(skips)
        .distribution(distribution)
        .conditionedOn(conditions)
        .build()

/**
 * Returns a PixelSNAIL (arXiv 1712.09763), conditional if [conditions] are given.
 *
 * @param image the images
 * @param name the model's name
 * @param blocks blocks of four residual blocks and an attention each
 * @param maps maps of the stream
 * @param dropout the share of values that every residual block drops in training
 * @param distribution of one colour value
 * @param conditions what every residual block is conditioned on
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun pixelSnail(
    image: ImageSpec,
    name: String = PixelSnail.NAME,
    blocks: Int = PixelSnail.BLOCKS,
    maps: Int = PixelSnail.MAPS,
    dropout: Double = PixelSnail.DROPOUT,
    distribution: Distribution? = null,
    conditions: List<Condition> = emptyList(),
): Definition {
    val family =
        PixelSnail
            .builder(image)
            .name(name)
            .blocks(blocks)
            .maps(maps)
            .dropout(dropout)
            .conditionedOn(conditions)
    distribution?.let { family.distribution(it) }
    return family.build()
}

/**
 * Returns a small decoder-only transformer over pixels, in any generation orders, conditional if
 * [conditions] are given.
 *
 * @param image the images
 * @param orders the generation orders; scoring and sampling take the first unless told otherwise
 * @param name the model's name
 * @param blocks blocks of an attention and a net of two layers each
 * @param maps maps of the stream, a multiple of [heads]
 * @param heads heads of each attention
 * @param distribution of one colour value
 * @param conditions what is added to what the stream starts from
 * @throws DefinitionException if an option does not fit the images
 * @throws IllegalArgumentException if a number is out of range
 */
public fun imageGpt(
    image: ImageSpec,
    orders: List<GenerationOrder> =
        listOf(GenerationOrder.raster(image.height(), image.width())),
    name: String = ImageGpt.NAME,
    blocks: Int = ImageGpt.BLOCKS,
    maps: Int = ImageGpt.MAPS,
    heads: Int = ImageGpt.HEADS,
    distribution: Distribution? = null,
    conditions: List<Condition> = emptyList(),
): Definition {
    val family =
        ImageGpt
            .builder(image)
            .orders(orders)
            .name(name)
            .blocks(blocks)
            .maps(maps)
            .heads(heads)
            .conditionedOn(conditions)
    distribution?.let { family.distribution(it) }
    return family.build()
}
