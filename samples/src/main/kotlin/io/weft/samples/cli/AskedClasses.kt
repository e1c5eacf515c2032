package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.spec.ClassNames
import io.weft.spec.Condition
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.TypeConversionException

/** The classes that a new model is to know, as `--classes` says. */
internal sealed interface AskedClasses {
    /** The condition where there are no data to have names from. */
    fun withoutData(misuse: (String) -> Nothing): Condition.OneOf

    /** The condition for these images to be trained on. */
    fun of(images: ImageSet): Condition.OneOf

    /** Whether a model that has been trained already has the classes that are asked for. */
    fun fits(known: ClassNames): Boolean

    /** The classes of the data. */
    data object OfData : AskedClasses {
        override fun withoutData(misuse: (String) -> Nothing): Nothing =
            misuse("--classes needs their number or names here, where there are no data")

        override fun of(images: ImageSet) =
            Condition.OneOf(CONDITION, labelled(images).classNames())

        override fun fits(known: ClassNames) = true
    }

    /** So many: those of the data, or the numbers from 0. */
    class Count(
        private val count: Int,
    ) : AskedClasses {
        override fun withoutData(misuse: (String) -> Nothing) = Condition.OneOf(CONDITION, count)

        override fun of(images: ImageSet): Condition.OneOf {
            val found = labelled(images).classNames()
            val numbers = List(count) { "$it" }
            if (found.size != count && !numbers.containsAll(found)) {
                throw InputException(
                    "the data have ${found.size} classes, ${ClassNames.of(found)}, which are not" +
                        " $this; give --classes alone to take those of the data",
                )
            }
            return Condition.OneOf(CONDITION, if (found.size == count) found else numbers)
        }

        override fun fits(known: ClassNames) = known.count() == count

        override fun toString() = "--classes=$count"
    }

    /** Those of these names. */
    class Named(
        private val names: ClassNames,
    ) : AskedClasses {
        override fun withoutData(misuse: (String) -> Nothing) = Condition.OneOf(CONDITION, names)

        override fun of(images: ImageSet): Condition.OneOf {
            labelled(images)
            return Condition.OneOf(CONDITION, names)
        }

        override fun fits(known: ClassNames) = known == names
    }

    /** Reads nothing, a number, or names with commas between. */
    class Converter : ITypeConverter<AskedClasses> {
        override fun convert(value: String): AskedClasses {
            if (value.isEmpty()) return OfData
            val count = value.toLongOrNull()
            return try {
                when {
                    count == null -> Named(ClassNames.of(value.split(",").map { it.trim() }))
                    count > Int.MAX_VALUE -> throw IllegalArgumentException("found $count")
                    else -> Count(ClassNames.numbers(count.toInt()).count())
                }
            } catch (e: IllegalArgumentException) {
                throw TypeConversionException("--classes=$value: ${e.message}")
            }
        }
    }

    companion object {
        /** What the command line calls the condition. */
        private const val CONDITION = "class"

        private fun labelled(images: ImageSet): ImageSet {
            if (!images.hasLabels()) {
                throw InputException(
                    "the data have no labels for --classes; leave it out, or give data that have" +
                        " (a folder of pictures for each class, IDX files with their labels)",
                )
            }
            return images
        }
    }
}
