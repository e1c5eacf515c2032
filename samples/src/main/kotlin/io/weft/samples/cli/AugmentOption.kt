package io.weft.samples.cli

import io.weft.data.Augmentation
import io.weft.data.Variation
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Option
import picocli.CommandLine.TypeConversionException

/** What happens to the images that are trained on, anew at every visit. */
internal class AugmentOption {
    /** One of them, which a seed makes what it is. */
    internal fun interface Kind {
        fun of(seed: Long): Variation
    }

    @Option(
        names = ["--augment"],
        paramLabel = "mirror|shift[:N]",
        split = ",",
        converter = [Converter::class],
        description = [
            "Change images whenever they are trained on: mirror turns every other one, left to" +
                " right; shift moves them by up to N pixels (default 1) on level 0. Several with" +
                " commas between.",
        ],
    )
    private var kinds: List<Kind> = emptyList()

    /** Whether anything is done. */
    val isGiven: Boolean get() = kinds.isNotEmpty()

    /** Returns what is done, in order; each draws with a seed of its own. */
    fun variations(seed: Long): List<Variation> = kinds.mapIndexed { i, kind -> kind.of(seed + i) }

    internal class Converter : ITypeConverter<Kind> {
        override fun convert(value: String): Kind {
            val most = value.removePrefix("shift:").toIntOrNull()
            return when {
                value == "mirror" -> {
                    Kind { Augmentation.mirrored(it) }
                }

                value == "shift" -> {
                    Kind { Augmentation.shifted(1, 0, it) }
                }

                value.startsWith("shift:") && most != null && most > 0 -> {
                    Kind { Augmentation.shifted(most, 0, it) }
                }

                else -> {
                    throw TypeConversionException(
                        "found '$value'; expected mirror, shift, or shift:N with N of 1 or more",
                    )
                }
            }
        }
    }
}
