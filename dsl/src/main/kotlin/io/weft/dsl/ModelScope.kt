@file:JvmName("Models")

package io.weft.dsl

import io.weft.define.Definition
import io.weft.define.ModelBuilder
import io.weft.distribution.Distribution
import io.weft.layer.ColourGroups
import io.weft.layer.Feature
import io.weft.order.GenerationOrder
import io.weft.spec.Condition
import io.weft.spec.DefinitionException
import io.weft.spec.ImageSpec

/**
 * Declares a model and returns its definition, proven causal.
 *
 * ```
 * val digits = pixelModel("digits") {
 *     val x = image(height = 28, width = 28, channels = 1, levels = 256)
 *     var h = x.causalConv(maps = 64, kernel = 7, type = MaskType.A)
 *     repeated(5) {
 *         h = h.residual { relu().causalConv(maps = 64, kernel = 3) }
 *     }
 *     softmax(h.relu().conv1x1(maps = 256))
 * }
 * ```
 *
 * @param name letters, digits and `_.+-`
 * @param declare names the images first ([ModelScope.image]) and ends with [ModelScope.softmax],
 *   [ModelScope.bernoulli], [ModelScope.logisticMixture] or [ModelScope.output]
 * @throws DefinitionException if a layer does not fit, the model is not causal, or a condition is
 *   read by nobody
 */
@JvmSynthetic
public fun pixelModel(
    name: String,
    declare: ModelScope.() -> Definition,
): Definition = ModelScope(name).declare()

/**
 * What a model is declared with: its images, its conditions, named blocks, and its end. Layers are
 * functions of features, and blocks ordinary functions of this scope and features:
 *
 * ```
 * fun ModelScope.bottleneck(x: Feature, maps: Int): Feature =
 *     block("bottleneck") {
 *         x.residual { relu().conv1x1(maps).relu().causalConv(maps, kernel = 3).conv1x1(x.maps) }
 *     }
 * ```
 *
 * Not for use by several threads at once.
 */
@WeftDsl
public class ModelScope internal constructor(
    private val name: String,
) {
    private var started: ModelBuilder? = null

    /**
     * The core's builder of this model, for blocks that are written over it, as Java's are.
     *
     * @throws DefinitionException if the images are not named yet
     */
    public val builder: ModelBuilder
        get() =
            started
                ?: throw DefinitionException(
                    "model \"$name\": the images are not known yet; call image(...) first",
                )

    /** The images. */
    public val imageSpec: ImageSpec
        get() = builder.imageSpec()

    /** How feature maps belong to the images' colour channels; no groups for grey ones. */
    public val colours: ColourGroups
        get() = ColourGroups.of(imageSpec.channels())

    /**
     * Names the images, and returns the image under generation as a feature, scaled to `[-1, 1]`.
     *
     * @param height rows
     * @param width columns
     * @param channels colour values of a pixel, 1 to 4
     * @param levels values that a colour value can take, 2 to 65536
     * @throws IllegalArgumentException if a number is outside its range
     * @throws DefinitionException if the images are named already
     */
    public fun image(
        height: Int,
        width: Int,
        channels: Int,
        levels: Int,
    ): Feature = image(ImageSpec(height, width, channels, levels))

    /**
     * Names the images, and returns the image under generation as a feature, scaled to `[-1, 1]`.
     *
     * @throws DefinitionException if the images are named already
     */
    public fun image(spec: ImageSpec): Feature =
        image(spec, listOf(GenerationOrder.raster(spec.height(), spec.width())))

    /**
     * Names the images and the generation orders that the model's one set of weights is for, and
     * returns the image under generation as a feature, scaled to `[-1, 1]`. Under any order but
     * raster, causal convolutions are masked position by position.
     *
     * @param orders at least one; scoring and sampling take the first unless told otherwise
     * @throws DefinitionException if the images are named already, or an order is of another size
     * @throws IllegalArgumentException if there is no order, or one twice
     */
    public fun image(
        spec: ImageSpec,
        orders: List<GenerationOrder>,
    ): Feature {
        started?.let {
            throw DefinitionException(
                "model \"$name\": the images are ${it.imageSpec()} already; call image(...) once" +
                    " and keep the feature",
            )
        }
        return ModelBuilder.of(name, spec, orders).also { started = it }.image()
    }

    /**
     * Declares a condition on one of several classes that have names, `[1, 1, count]`, one-hot. The
     * model remembers the names: labels of data are matched to it by them, and it refuses classes
     * that it does not know.
     *
     * @param classNames of the labels 0, 1 and so on, for example `images.classNames()`
     * @throws DefinitionException if the name is taken, there is no class, or two have one name
     */
    public fun classCondition(
        name: String,
        classNames: List<String>,
    ): Feature = builder.classCondition(name, classNames)

    /**
     * Declares a class condition whose classes have labels alone, `[1, 1, count]`, one-hot.
     *
     * @throws DefinitionException if the name is taken or the count below 1
     */
    public fun classCondition(
        name: String,
        count: Int,
    ): Feature = builder.classCondition(name, count)

    /**
     * Declares a vector condition, `[1, 1, size]`.
     *
     * @throws DefinitionException if the name is taken or the size below 1
     */
    public fun vectorCondition(
        name: String,
        size: Int,
    ): Feature = builder.vectorCondition(name, size)

    /**
     * Declares a condition with a vector for every pixel, `[image height, image width, maps]`.
     *
     * @throws DefinitionException if the name is taken or the maps are below 1
     */
    public fun spatialCondition(
        name: String,
        maps: Int,
    ): Feature = builder.spatialCondition(name, maps)

    /**
     * Has the image under generation read as a learned vector in place of each level: for codes,
     * which have no order. What the families' functions read of the image is this from now on.
     *
     * @param maps the width of the vectors, of each colour channel
     * @return `[height, width, maps * channels]`
     * @throws IllegalArgumentException if there are no maps
     */
    public fun embedImage(maps: Int): Feature = builder.embedImage(maps)

    /**
     * Declares a condition that is an image, or the codes of a coarser grid: `[height, width,
     * channels]`, scaled to `[-1, 1]`. `ConditionValues.withImage` gives its values;
     * [Feature.embedded] gives each level a vector, [Feature.upConv] brings it to the image's grid.
     *
     * @param codes what the condition is like
     * @throws DefinitionException if the name is taken
     */
    public fun imageCondition(
        name: String,
        codes: ImageSpec,
    ): Feature = builder.imageCondition(name, codes)

    /**
     * Declares a condition of any kind.
     *
     * @throws DefinitionException if the name is taken
     */
    public fun condition(condition: Condition): Feature = builder.condition(condition)

    /**
     * Runs [body]; the features made within have names that begin with [name] and "/". A name used
     * again is numbered.
     */
    @JvmSynthetic
    public fun <R> block(
        name: String,
        body: () -> R,
    ): R = builder.block(name, body)

    /**
     * Ends the model with one logit for each level and channel.
     *
     * @param logits `[height, width, levels * channels]`, map `k * channels + c` for level k of
     *   channel c
     * @throws DefinitionException if the shape is another or the model is not causal
     */
    public fun softmax(logits: Feature): Definition = builder.softmax(logits)

    /**
     * Ends the model with one logit for each channel, for images of 2 levels.
     *
     * @param logits `[height, width, channels]`
     * @throws DefinitionException if the shape is another or the model is not causal
     */
    public fun bernoulli(logits: Feature): Definition = builder.bernoulli(logits)

    /**
     * Ends the model with a mixture of discretised logistic distributions for each pixel.
     *
     * @param parameters `[height, width, maps]`, in the order that [Distribution.LogisticMixture]
     *   says
     * @param components how many are mixed, at least 1
     * @throws DefinitionException if the shape is another or the model is not causal
     */
    public fun logisticMixture(
        parameters: Feature,
        components: Int,
    ): Definition = builder.logisticMixture(parameters, components)

    /**
     * Ends the model with any distribution.
     *
     * @param parameters `[height, width, distribution.maps(imageSpec)]`
     * @throws DefinitionException if the shape is another or the model is not causal
     */
    public fun output(
        parameters: Feature,
        distribution: Distribution,
    ): Definition = builder.build(parameters, distribution)
}
