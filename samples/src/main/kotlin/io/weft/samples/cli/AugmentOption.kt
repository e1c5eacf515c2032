package io.weft.samples.cli

import io.weft.data.Augmentation
import io.weft.data.Fit
import io.weft.data.ImageSet
import io.weft.data.Variation
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Option
import picocli.CommandLine.TypeConversionException

/** What happens to the images that are trained on, anew at every visit. */
internal class AugmentOption {
    /**
     * One of them, which a seed makes what it is.
     *
     * @property piece the size of what is left of images, if that is less
     */
    internal class Kind(
        val piece: ImageSize? = null,
        val of: (seed: Long) -> Variation,
    )

    @Option(
        names = ["--augment"],
        paramLabel = "mirror|shift[:N]|crop:N",
        split = ",",
        converter = [Converter::class],
        description = [
            "Change images whenever they are trained on: mirror turns every other one, left to" +
                " right; shift moves them by up to N pixels (default 1) on level 0; crop cuts NxN" +
                " (or RxC) pixels out of them, anywhere, and validates on the middle. Several" +
                " with commas between.",
        ],
    )
    private var kinds: List<Kind> = emptyList()

    /** Whether anything is done. */
    val isGiven: Boolean get() = kinds.isNotEmpty()

    /** Returns what is done, in order; each draws with a seed of its own. */
    fun variations(seed: Long): List<Variation> = kinds.mapIndexed { i, kind -> kind.of(seed + i) }

    /** The images that are validated on: whole, or the middle as large as what is trained on. */
    fun unvaried(images: ImageSet): ImageSet =
        kinds.mapNotNull { it.piece }.fold(images) { cut, piece ->
            cut.fitted(Fit.centre(piece.rows, piece.columns))
        }

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

                value.startsWith("crop:") -> {
                    val size = ImageSize.Converter().convert(value.removePrefix("crop:"))
                    Kind(size) { Augmentation.cropped(size.rows, size.columns, it) }
                }

                else -> {
                    throw TypeConversionException(
                        "found '$value'; expected mirror, shift, crop:N, or" +
                            " shift:N with N of 1 or more",
                    )
                }
            }
        }
    }
}
