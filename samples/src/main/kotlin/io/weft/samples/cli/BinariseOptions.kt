package io.weft.samples.cli

import io.weft.data.Binarisation
import picocli.CommandLine.Option

/** The binarisations by their names on the command line. */
internal enum class BinarisationKind(
    val label: String,
    val of: (Long) -> Binarisation,
) {
    THRESHOLD("threshold", { Binarisation.threshold() }),
    STATIC("static", { Binarisation.fixed(it) }),
    DYNAMIC("dynamic", { Binarisation.dynamic(it) }),
    ;

    internal class Converter : OneOfConverter<BinarisationKind>(entries, { it.label })
}

/** How grey images become images of two levels. */
internal class BinariseOptions {
    @Option(
        names = ["--binarise"],
        paramLabel = "threshold|static|dynamic",
        converter = [BinarisationKind.Converter::class],
        description = [
            "Make images of two levels: threshold rounds at half; static draws each value once," +
                " 1 with its grey as probability; dynamic draws it anew whenever it is trained" +
                " on. What is scored is one draw. Likelihoods of the three do not compare.",
        ],
    )
    private var kind: BinarisationKind? = null

    @Option(
        names = ["--binarise-seed"],
        paramLabel = "N",
        description = ["Decides what --binarise draws (default 0)."],
    )
    private var seed: Long? = null

    /** How images are made binary; null if they are not. */
    val binarisation: Binarisation? get() = kind?.of?.invoke(seed ?: 0)

    /** Whether images are drawn anew at every visit. */
    val isDynamic: Boolean get() = kind == BinarisationKind.DYNAMIC

    /** What is scored and validated on: one draw, in words. */
    val words: String? get() = binarisation?.let { "$it" }

    /** The levels that images are read with, of [levels] that the model is for. */
    fun levelsOfReading(levels: Int): Int = if (kind == null) levels else LevelsOption.USUAL

    /** Refuses to binarise images for a model of [levels], where these are not two. */
    fun checkLevels(
        levels: Int,
        whose: String,
        misuse: (String) -> Nothing,
    ) {
        if (kind != null && levels != LEVELS) {
            misuse("--binarise makes images of $LEVELS levels, but $whose")
        }
    }

    /** Checks that the options go together. */
    fun check(misuse: (String) -> Nothing) {
        if (seed != null && (kind == null || kind == BinarisationKind.THRESHOLD)) {
            misuse("--binarise-seed is for --binarise=static or dynamic")
        }
    }

    private companion object {
        const val LEVELS = 2
    }
}
