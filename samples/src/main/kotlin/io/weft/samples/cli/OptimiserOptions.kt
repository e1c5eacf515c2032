package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.optimise.Adam
import io.weft.optimise.AdamW
import io.weft.optimise.Optimiser
import io.weft.optimise.RateSchedule
import io.weft.optimise.RmsProp
import io.weft.train.TrainingOptions
import io.weft.train.TrainingRecipe
import io.weft.watch.RateCurve
import picocli.CommandLine.Option
import java.nio.file.Path

/** The optimisers by their names on the command line. */
internal enum class OptimiserKind(
    val label: String,
    val withRate: (RateSchedule) -> Optimiser,
) {
    ADAM("adam", { Adam.withRate(it) }),
    ADAMW("adamw", { AdamW.withRate(it) }),
    RMSPROP("rmsprop", { RmsProp.withRate(it) }),
    ;

    internal class Converter : OneOfConverter<OptimiserKind>(entries, { it.label })
}

/** How steps are taken: as the recipe of the model's family says, but for what is given. */
internal class OptimiserOptions {
    @Option(
        names = ["--batch"],
        paramLabel = "N",
        description = ["Images of a step (default 8; of PixelCNN++ 16)."],
    )
    private var batch: Int? = null

    @Option(
        names = ["--optimiser"],
        paramLabel = "NAME",
        converter = [OptimiserKind.Converter::class],
        description = [
            "adam (the default), adamw (Adam with decoupled --weight-decay, 0.01 unless given)," +
                " or rmsprop with a decay of 0.9.",
        ],
    )
    private var kind: OptimiserKind? = null

    @Option(
        names = ["--rate"],
        paramLabel = "R",
        description = [
            "The learning rate (default 2e-3). Of PixelCNN++ it is 1e-3 and decays, and" +
                " Adam's betas are 0.95 and 0.9995, as in the paper.",
        ],
    )
    private var rate: Double? = null

    @Option(
        names = ["--schedule"],
        paramLabel = "KIND[:NUMBERS]",
        converter = [NamedSchedule.Converter::class],
        description = [
            "How the learning rate changes over the run, with --rate its largest: constant;" +
                " cosine, down to a share FLOOR (0); exponential, times FACTOR at every step;" +
                " one-cycle, up for a share RISING (0.3) and down; plateau, times FACTOR (0.5)" +
                " after N (3) validations without a new best (default: constant).",
        ],
    )
    private var schedule: NamedSchedule? = null

    @Option(
        names = ["--find-rate"],
        paramLabel = "FILE.png",
        converter = [OutputFile::class],
        description = [
            "Find the learning rate first: on a copy of the model, 100 steps at rates that rise" +
                " until the loss does. Draws the curve, and trains at the rate that it suggests.",
        ],
    )
    private var curve: Path? = null

    @Option(
        names = ["--warm-up"],
        paramLabel = "N",
        description = ["Let the learning rate rise over the first N steps (default: do not)."],
    )
    private var warmUp: Long? = null

    @Option(
        names = ["--clip"],
        paramLabel = "NORM",
        description = [
            "Scale gradients down to this global norm, or with 0 not (default 1; of" +
                " PixelCNN++ 0).",
        ],
    )
    private var clip: Double? = null

    @Option(
        names = ["--polyak"],
        paramLabel = "DECAY",
        description = [
            "Keep a running average of the weights, or with 0 none (default 0.999; of" +
                " PixelCNN++ 0.9995, as in the paper).",
        ],
    )
    private var polyak: Double? = null

    @Option(
        names = ["--weight-decay"],
        paramLabel = "F",
        description = [
            "Add F/2 times the sum of the squared weights to the loss (default 0); with" +
                " --optimiser=adamw, take F times the learning rate of each weight away.",
        ],
    )
    private var weightDecay: Double? = null

    /**
     * Finds the rate and draws its curve, where that is asked for. Not for a run that is resumed.
     *
     * @param options what training at given rates is asked to be
     */
    fun find(
        console: Console,
        model: Model,
        examples: Examples,
        options: (RateSchedule) -> TrainingOptions.Builder,
    ) {
        val file = curve ?: return
        val found = RateCurve.of(model, examples, TRIED) { rates -> options(rates) }
        rate = found.suggested()
        found.picture(model.definition().name()).writePng(file)
        console.note(format("the learning rate is %.3g, as %s suggests", rate, "$file"))
    }

    /** Refuses to find a rate for what is not one new run. */
    fun check(
        isPyramid: Boolean,
        resume: Boolean,
        misuse: (String) -> Nothing,
    ) {
        curve?.let {
            if (rate != null) misuse("--find-rate=$it finds the rate; leave --rate out")
            if (resume) misuse("--find-rate=$it is for a new run; give the --rate that it has")
            if (isPyramid) misuse("--find-rate=$it is not for a multi-scale model")
        }
    }

    /** Asks for as many images a step as were given, or as the [family]'s recipe has. */
    fun applyBatch(
        options: TrainingOptions.Builder,
        family: ModelKind.Recipe,
    ) {
        options.batch(batch ?: recipe(family).batch())
    }

    /**
     * Asks for all but the batch: for what was given, and for the rest as the [family]'s recipe says.
     *
     * @param steps of the run
     * @param tried the rates of a run that is to find one, in place of those that were asked for
     * @return the optimiser
     */
    fun apply(
        options: TrainingOptions.Builder,
        family: ModelKind.Recipe,
        steps: Long,
        tried: RateSchedule? = null,
    ): Optimiser {
        val recipe = recipe(family)
        options.clipNorm(
            (clip ?: recipe.clipNorm()).takeIf { it != 0.0 } ?: Double.POSITIVE_INFINITY,
        )
        (polyak ?: recipe.polyak()).takeIf { it != 0.0 }?.let { options.polyak(it) }
        val adam = recipe.optimiser() as Adam
        val rates = tried ?: rates(adam.rate(), steps)
        val asked = kind ?: OptimiserKind.ADAM
        val optimiser =
            if (asked == OptimiserKind.ADAM) adam.at(rates) else decaying(asked.withRate(rates))
        options.optimiser(optimiser)
        weightDecay?.let { if (asked != OptimiserKind.ADAMW) options.weightDecay(it) }
        return optimiser
    }

    private fun recipe(family: ModelKind.Recipe): TrainingRecipe =
        rate?.let { family.at(it) } ?: family.usual

    /** The rates that were asked for in place of the [usual] ones of the recipe. */
    private fun rates(
        usual: RateSchedule,
        steps: Long,
    ): RateSchedule {
        val rates = schedule?.at(usual.at(0), steps) ?: usual
        return warmUp?.let { RateSchedule.WarmUp(it, rates) } ?: rates
    }

    private fun decaying(optimiser: Optimiser): Optimiser =
        weightDecay?.let { (optimiser as? AdamW)?.withDecay(it) } ?: optimiser

    private companion object {
        /** Steps in which rates are tried. */
        const val TRIED = 100L
    }
}
