package io.weft.samples.cli

import io.weft.define.Definition
import io.weft.graph.ImageSpec
import io.weft.model.GatedPixelCnn
import io.weft.model.LocallyMaskedPixelCnn
import io.weft.model.PixelCnn
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import picocli.CommandLine.TypeConversionException

/** The model families by their names on the command line. */
internal enum class ModelKind(
    val label: String,
) {
    PIXELCNN("pixelcnn"),
    PIXELCNN_TEXTBOOK("pixelcnn-textbook"),
    GATED("gated"),
    LOCALLY_MASKED("locally-masked"),
    ;

    override fun toString(): String = label

    internal class Converter : ITypeConverter<ModelKind> {
        override fun convert(value: String): ModelKind =
            entries.find { it.label == value }
                ?: throw TypeConversionException(
                    "found '$value'; expected one of ${entries.joinToString { it.label }}",
                )
    }
}

/** Which model, and the sizes of its network. */
internal class ModelOptions {
    @Option(
        names = ["--model"],
        paramLabel = "NAME",
        converter = [ModelKind.Converter::class],
        description = ["pixelcnn, pixelcnn-textbook, gated or locally-masked (default gated)."],
    )
    var kind = ModelKind.GATED

    @Option(
        names = ["--filters"],
        paramLabel = "N",
        description = ["Feature maps of each block (default \${DEFAULT-VALUE})."],
    )
    var filters = 32

    @Option(
        names = ["--layers"],
        paramLabel = "N",
        description = [
            "Blocks after the first layer; of locally-masked at each depth" +
                " (default \${DEFAULT-VALUE}).",
        ],
    )
    var layers = 5

    @Option(
        names = ["--kernel"],
        paramLabel = "N",
        description = ["Kernel size of the blocks, odd (default \${DEFAULT-VALUE})."],
    )
    var kernel = 3

    @Option(
        names = ["--classes"],
        paramLabel = "N",
        description = ["Condition on one of N classes, the data's labels (default: do not)."],
    )
    var classes: Int? = null

    @Mixin
    var orders = OrderOptions()

    /** Checks the ranges, naming the option. */
    fun check(misuse: (String) -> Nothing) {
        if (filters < 1) misuse("--filters=$filters; expected 1 or more")
        if (layers < 1) misuse("--layers=$layers; expected 1 or more")
        if (kernel < 1 ||
            kernel % 2 == 0
        ) {
            misuse("--kernel=$kernel; expected an odd number, 1 or more")
        }
        classes?.let { if (it < 1) misuse("--classes=$it; expected 1 or more") }
    }

    /** The definition of the model for images of [image]. */
    fun definition(image: ImageSpec): Definition {
        val family =
            when (kind) {
                ModelKind.PIXELCNN -> PixelCnn.builder(image)
                ModelKind.PIXELCNN_TEXTBOOK -> PixelCnn.textbookBuilder(image)
                ModelKind.GATED -> GatedPixelCnn.builder(image)
                ModelKind.LOCALLY_MASKED -> LocallyMaskedPixelCnn.builder(image)
            }
        family.blocks(layers).maps(filters).kernel(kernel)
        family.orders(orders.of(image.height(), image.width()))
        classes?.let { family.classCondition("class", it) }
        return family.build()
    }
}

/** How many levels a colour value has. */
internal class LevelsOption {
    @Option(
        names = ["--levels"],
        paramLabel = "N",
        description = ["Round colour values to N levels, 2 to 256 (default \${DEFAULT-VALUE})."],
    )
    var levels = MOST

    /** Checks the range. */
    fun check(misuse: (String) -> Nothing) {
        if (levels !in LEAST..MOST) misuse("--levels=$levels; expected $LEAST to $MOST")
    }

    private companion object {
        const val LEAST = 2
        const val MOST = 256
    }
}
