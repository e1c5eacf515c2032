package io.weft.samples.cli

import io.weft.define.Definition
import io.weft.image.CodePalette
import io.weft.model.GatedPixelCnn
import io.weft.model.ImageGpt
import io.weft.model.LocallyMaskedPixelCnn
import io.weft.model.ModelFamily
import io.weft.model.PixelCnn
import io.weft.model.PixelCnnPlusPlus
import io.weft.model.PixelRnn
import io.weft.model.PixelSnail
import io.weft.pyramid.MultiScale
import io.weft.pyramid.Scale
import io.weft.spec.Condition
import io.weft.spec.ImageSpec
import io.weft.train.TrainingRecipe
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/**
 * The model families by their names on the command line.
 *
 * @property recipe how they are trained where nothing is said
 */
internal enum class ModelKind(
    val label: String,
    val recipe: Recipe = Recipe.SMALL_BATCHES,
) {
    PIXELCNN("pixelcnn"),
    PIXELCNN_TEXTBOOK("pixelcnn-textbook"),
    GATED("gated"),
    LOCALLY_MASKED("locally-masked"),
    PIXELCNN_PLUS_PLUS("pixelcnnpp", Recipe.PIXELCNN_PLUS_PLUS),
    ROW_LSTM("row-lstm"),
    DIAGONAL_BILSTM("diagonal-bilstm"),
    PIXELSNAIL("pixelsnail"),
    IMAGE_GPT("image-gpt"),
    MULTI_SCALE("multi-scale"),
    ;

    override fun toString(): String = label

    /**
     * Recipes of trainings.
     *
     * @property usual at its own rate
     * @property at at another one
     */
    internal enum class Recipe(
        val usual: TrainingRecipe,
        val at: (Double) -> TrainingRecipe,
    ) {
        SMALL_BATCHES(TrainingRecipe.SMALL_BATCHES, TrainingRecipe::smallBatches),
        PIXELCNN_PLUS_PLUS(TrainingRecipe.PIXELCNN_PLUS_PLUS, TrainingRecipe::pixelCnnPlusPlus),
        ;

        companion object {
            /** Returns the recipe of a network that was read: of the family whose name it has. */
            fun of(definition: Definition): Recipe =
                if (definition.name() ==
                    PixelCnnPlusPlus.NAME
                ) {
                    PIXELCNN_PLUS_PLUS
                } else {
                    SMALL_BATCHES
                }
        }
    }

    internal class Converter : OneOfConverter<ModelKind>(entries, { it.label })
}

/** Which model, and the sizes of its network. */
internal class ModelOptions {
    @Option(
        names = ["--model"],
        paramLabel = "NAME",
        converter = [ModelKind.Converter::class],
        description = [
            "pixelcnn, pixelcnn-textbook, gated (the default), locally-masked, pixelcnnpp" +
                " (PixelCNN++), row-lstm or diagonal-bilstm (PixelRNN), pixelsnail, image-gpt, or" +
                " multi-scale (a small image, then the large one; not for bench).",
        ],
    )
    var kind = ModelKind.GATED

    @Option(
        names = ["--maps"],
        paramLabel = "N",
        description = [
            "Feature maps of each block (default 32; bench 64; locally-masked takes a multiple of" +
                " the colour channels, and by default the next one); units of row-lstm and" +
                " diagonal-bilstm.",
        ],
    )
    var maps: Int? = null

    /** The number of feature maps where nothing is said. */
    var usualMaps = USUAL_MAPS

    @Option(
        names = ["--blocks"],
        paramLabel = "N",
        description = [
            "Blocks after the first layer; of locally-masked and pixelcnnpp at each depth" +
                " (default \${DEFAULT-VALUE}).",
        ],
    )
    var blocks = 5

    @Option(
        names = ["--kernel"],
        paramLabel = "N",
        description = ["Kernel size of the blocks, odd (default 3); diagonal-bilstm has none."],
    )
    private var givenKernel: Int? = null

    private val hasKernel: Boolean
        get() = kind != ModelKind.DIAGONAL_BILSTM && kind != ModelKind.IMAGE_GPT

    /** The kernel size of the blocks. */
    val kernel: Int
        get() = givenKernel ?: if (hasKernel) ModelFamily.KERNEL else 1

    @Option(
        names = ["--components"],
        paramLabel = "N",
        description = ["Logistic distributions that pixelcnnpp or pixelsnail mixes (default 10)."],
    )
    var components: Int? = null

    @Option(
        names = ["--dropout"],
        paramLabel = "SHARE",
        description = [
            "Share of values that blocks drop in training (default 0; of pixelcnnpp and" +
                " pixelsnail 0.5, as in their papers).",
        ],
    )
    var dropout: Double? = null

    @Option(
        names = ["--heads"],
        paramLabel = "N",
        description = ["Heads of each attention of image-gpt, a divisor of --maps (default 4)."],
    )
    var heads: Int? = null

    @Option(
        names = ["--embedding"],
        paramLabel = "N",
        description = [
            "Read the image as a learned vector of N numbers for each level; with 0, each level" +
                " as one number (default for more than 256 levels: as many as --maps; else for" +
                " --model gated and greys, more than two: 16, but of bench 0; else 0).",
        ],
    )
    var embedding: Int? = null

    /** The numbers of a level of greys for a gated network where nothing is said. */
    var usualEmbedding = USUAL_EMBEDDING

    @Option(
        names = ["--subsample"],
        paramLabel = "N",
        description = ["The small image of multi-scale has every Nth row and column (default 4)."],
    )
    var subsample: Int? = null

    @Option(
        names = ["--classes"],
        arity = "0..1",
        fallbackValue = "",
        paramLabel = "N|NAMES",
        converter = [AskedClasses.Converter::class],
        description = [
            "Condition on the class: one of those of the data, of which there are N if that is" +
                " given; or of those named here, say cat,dog,elk (default: do not).",
        ],
    )
    var classes: AskedClasses? = null

    @Mixin
    var orders = OrderOptions()

    /** Checks the ranges, naming the option. */
    fun check(misuse: (String) -> Nothing) {
        maps?.let { if (it < 1) misuse("--maps=$it; expected 1 or more") }
        if (blocks < 1) misuse("--blocks=$blocks; expected 1 or more")
        givenKernel?.let {
            if (it < 1 || it % 2 == 0) misuse("--kernel=$it; expected an odd number, 1 or more")
            if (!hasKernel) {
                misuse("--kernel=$it; the blocks of --model=$kind have no kernel, leave it out")
            }
        }
        if (kind != ModelKind.PIXELCNN_PLUS_PLUS && kind != ModelKind.PIXELSNAIL) {
            components?.let { misuse("--components=$it is for --model=pixelcnnpp or pixelsnail") }
        }
        heads?.let {
            if (kind != ModelKind.IMAGE_GPT) misuse("--heads=$it is for --model=image-gpt")
            if (it < 1) misuse("--heads=$it; expected 1 or more")
        }
        if (kind == ModelKind.MULTI_SCALE) {
            if (!orders.isDefault) {
                misuse(
                    "--order and --orders are not for --model=$kind, which draws in raster order",
                )
            }
        } else {
            subsample?.let { misuse("--subsample=$it is for --model=multi-scale") }
        }
        embedding?.let { if (it < 0) misuse("--embedding=$it; expected 0 or more") }
        subsample?.let { if (it < 2) misuse("--subsample=$it; expected 2 or more") }
        components?.let { if (it < 1) misuse("--components=$it; expected 1 or more") }
        dropout?.let {
            if (!(it >= 0 && it < 1)) misuse("--dropout=$it; expected a share from 0 to below 1")
        }
    }

    /**
     * The definitions of the model for images of [image], where there are no data: one, or of a
     * pyramid those of its parts, by their names.
     */
    fun definitions(
        image: ImageSpec,
        misuse: (String) -> Nothing,
    ): Map<String?, Definition> {
        val condition = classes?.withoutData(misuse)
        if (kind != ModelKind.MULTI_SCALE) return mapOf(null to definition(image, condition))
        return pyramid(image, condition).definitions().mapKeys { it.key.word }
    }

    /** The definition of the model for images of [image], where there are no data. */
    fun definition(
        image: ImageSpec,
        misuse: (String) -> Nothing,
    ): Definition {
        if (kind == ModelKind.MULTI_SCALE) {
            misuse("--model=$kind is two models, and this is for one; give that of either")
        }
        return definition(image, classes?.withoutData(misuse))
    }

    /** The two models of a pyramid for images of [image], on a condition or none. */
    fun pyramid(
        image: ImageSpec,
        condition: Condition.OneOf?,
    ): MultiScale {
        val scale = Scale.subsample(subsample ?: USUAL_SUBSAMPLE)

        fun network(of: ImageSpec): GatedPixelCnn.Builder {
            val family = GatedPixelCnn.builder(of).blocks(blocks).maps(maps(of)).kernel(kernel)
            dropout?.let { family.dropout(it) }
            embedding(of)?.let { family.embedding(it) }
            condition?.let { family.conditionedOn(it) }
            return family
        }
        val large = network(image).name(LARGE).smallImageCondition(SMALL, scale.factor())
        val small = network(scale.small(image)).name(SMALL)
        return MultiScale(small.build(), large.build(), SMALL, scale)
    }

    /** The definition of the model for images of [image], on a condition or none. */
    fun definition(
        image: ImageSpec,
        condition: Condition.OneOf?,
    ): Definition {
        val family =
            when (kind) {
                ModelKind.PIXELCNN -> PixelCnn.builder(image)
                ModelKind.PIXELCNN_TEXTBOOK -> PixelCnn.textbookBuilder(image)
                ModelKind.GATED -> GatedPixelCnn.builder(image)
                ModelKind.MULTI_SCALE -> error("two models are no family")
                ModelKind.LOCALLY_MASKED -> LocallyMaskedPixelCnn.builder(image)
                ModelKind.PIXELCNN_PLUS_PLUS -> plusPlus(image)
                ModelKind.ROW_LSTM -> PixelRnn.rowLstmBuilder(image)
                ModelKind.DIAGONAL_BILSTM -> PixelRnn.diagonalBiLstmBuilder(image)
                ModelKind.PIXELSNAIL -> pixelSnail(image)
                ModelKind.IMAGE_GPT -> ImageGpt.builder(image).heads(heads ?: ImageGpt.HEADS)
            }
        family.blocks(blocks).maps(maps(image)).kernel(kernel)
        embedding(image)?.let { family.embedding(it) }
        family.orders(orders.of(image.height(), image.width()))
        dropout?.let { family.dropout(it) }
        condition?.let { family.conditionedOn(it) }
        return family.build()
    }

    /** The feature maps of each block for images of [image]. */
    fun maps(image: ImageSpec): Int =
        maps
            ?: if (kind == ModelKind.LOCALLY_MASKED) {
                LocallyMaskedPixelCnn.suitingMaps(image, usualMaps)
            } else {
                usualMaps
            }

    /** How many numbers there are for each level; null if a level is one. */
    private fun embedding(image: ImageSpec): Int? =
        (embedding ?: usualEmbedding(image)).takeIf { it > 0 }

    /** What RESULTS.md, The recipe, found worth it, for images of [image]. */
    private fun usualEmbedding(image: ImageSpec): Int =
        when {
            CodePalette.suits(image) -> maps(image)
            kind == ModelKind.GATED && image.channels() == 1 && image.levels() > 2 -> usualEmbedding
            else -> 0
        }

    private fun plusPlus(image: ImageSpec): PixelCnnPlusPlus.Builder {
        val family = PixelCnnPlusPlus.builder(image)
        components?.let { family.components(it) }
        return family
    }

    private fun pixelSnail(image: ImageSpec): PixelSnail.Builder {
        val family = PixelSnail.builder(image)
        components?.let { family.components(it) }
        return family
    }

    internal companion object {
        private const val USUAL_MAPS = 32
        private const val USUAL_EMBEDDING = 16
        private const val USUAL_SUBSAMPLE = 4
        private const val SMALL = "small"
        private const val LARGE = "large"

        /** What declares a network. */
        val NAMES =
            listOf(
                "--model",
                "--maps",
                "--blocks",
                "--kernel",
                "--components",
                "--dropout",
                "--heads",
                "--embedding",
                "--subsample",
                "--classes",
                "--order",
                "--orders",
            )

        /** What declares the form of images. */
        val FORM = listOf("--size", "--channels", "--levels")

        /**
         * Refuses options that would change nothing, as a network is given whole.
         *
         * @param source the option that gives it
         * @param names those that would declare one
         * @param given whether an option was given
         */
        fun refuse(
            source: String,
            names: List<String>,
            given: (String) -> Boolean,
            misuse: (String) -> Nothing,
        ) {
            val declaring = names.filter(given)
            if (declaring.isNotEmpty()) {
                misuse("$source has a network of its own; leave ${declaring.joinToString()} out")
            }
        }
    }
}

/** How many levels a colour value has. */
internal class LevelsOption {
    @Option(
        names = ["--levels"],
        paramLabel = "N",
        description = [
            "Round colour values to N levels, 2 to 256 (default \${DEFAULT-VALUE}). 2 is a" +
                " threshold in the middle; the binarised MNIST of papers is drawn, see" +
                " --binarise. Codes are taken as they are, and N is the size of their code book, to 65536.",
        ],
    )
    var levels = USUAL

    /** Checks the range. */
    fun check(misuse: (String) -> Nothing) {
        if (levels !in LEAST..ImageSpec.MAX_LEVELS) {
            misuse("--levels=$levels; expected $LEAST to ${ImageSpec.MAX_LEVELS}")
        }
    }

    internal companion object {
        private const val LEAST = 2

        /** The levels of a byte. */
        const val USUAL = 256
    }
}
