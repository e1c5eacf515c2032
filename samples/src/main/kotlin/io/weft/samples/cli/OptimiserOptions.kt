package io.weft.samples.cli

import io.weft.optimise.Adam
import io.weft.optimise.Optimiser
import io.weft.optimise.RmsProp
import io.weft.train.TrainingOptions
import io.weft.train.TrainingRecipe
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Option
import picocli.CommandLine.TypeConversionException

/** The optimisers by their names on the command line. */
internal enum class OptimiserKind(
    val label: String,
    val withRate: (Double) -> Optimiser,
) {
    ADAM("adam", { Adam.withRate(it) }),
    RMSPROP("rmsprop", { RmsProp.withRate(it) }),
    ;

    internal class Converter : ITypeConverter<OptimiserKind> {
        override fun convert(value: String): OptimiserKind =
            entries.find { it.label == value }
                ?: throw TypeConversionException(
                    "found '$value'; expected one of ${entries.joinToString { it.label }}",
                )
    }
}

/** How steps follow from gradients. */
internal class OptimiserOptions {
    @Option(
        names = ["--optimiser"],
        paramLabel = "adam|rmsprop",
        converter = [OptimiserKind.Converter::class],
        description = ["Adam (the default), or RMSProp with a decay of 0.9."],
    )
    private var kind: OptimiserKind? = null

    @Option(
        names = ["--rate"],
        paramLabel = "R",
        description = [
            "The learning rate (default 1e-3). Adam's decays with --model=pixelcnnpp, and its" +
                " betas are 0.95 and 0.9995, as in the paper.",
        ],
    )
    private var rate = 1e-3

    /** Asks for what was given, or for what the paper of [model] says. */
    fun apply(
        options: TrainingOptions.Builder,
        model: ModelKind,
    ) {
        if (model == ModelKind.PIXELCNN_PLUS_PLUS) {
            options.recipe(TrainingRecipe.pixelCnnPlusPlus(rate))
            kind?.takeIf { it != OptimiserKind.ADAM }?.let { options.optimiser(it.withRate(rate)) }
        } else {
            options.optimiser((kind ?: OptimiserKind.ADAM).withRate(rate))
        }
    }
}
