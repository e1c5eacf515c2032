package io.weft.samples.cli

import io.weft.advice.Advice
import io.weft.advice.AdvisedException
import io.weft.data.ImageFolder
import io.weft.data.ImageSet
import io.weft.spec.ImageSpec
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Option
import java.nio.file.Path

/** The images to complete: a picture, or some of a data set. */
internal class OriginalOptions {
    @Option(
        names = ["--image"],
        required = true,
        paramLabel = "FILE",
        description = [
            "A picture (PNG, JPEG, WebP, GIF, BMP, TIFF); its values are rounded to the model's" +
                " levels.",
        ],
    )
    private var picture: Path? = null

    @ArgGroup(exclusive = false)
    private var data: DataImages? = null

    /** Some images of a data set. */
    internal class DataImages {
        @Option(
            names = ["--data"],
            required = true,
            paramLabel = "PATH",
            description = ["Take images of these data instead, as score reads them."],
        )
        lateinit var path: String

        @Option(
            names = ["--index"],
            split = ",",
            paramLabel = "N",
            description = [
                "Which of the data's images, from 0: 7 or 7,8,9 (default: the first).",
            ],
        )
        var indices: IntArray = intArrayOf(0)
    }

    /** Checks the options that need no files. */
    fun check(misuse: (String) -> Nothing) {
        data?.indices?.forEach { if (it < 0) misuse("--index=$it; images are numbered from 0") }
    }

    /** Reads the images in the model's size, colours and levels. */
    fun read(
        image: ImageSpec,
        reading: Reading,
        tell: (String) -> Unit,
        misuse: (String) -> Nothing,
    ): ImageSet {
        val from = data
        val read =
            if (from == null) {
                val file = checkNotNull(picture)
                reading.finished(pictureFile(file, image, reading, tell), image.levels())
            } else {
                val source = DataSource(from.path, image.width(), reading, tell)
                val all = source.test(null, image.levels()) ?: source.train(null, image.levels())
                from.indices.forEach {
                    if (it >= all.size()) {
                        misuse("--index=$it; ${from.path} has images 0 to ${all.size() - 1}")
                    }
                }
                all.select(*from.indices)
            }
        if (read.spec() != image) {
            throw AdvisedException(
                "the model is for images of $image, these are of ${read.spec()}",
                Advice.READ_IN_THE_MODELS_FORM,
            )
        }
        return read
    }

    /** The picture to complete, if it is one. */
    val file: Path? get() = picture

    internal companion object {
        /** Reads a picture in the size of [image], which it must have unless it is fitted. */
        fun pictureFile(
            file: Path,
            image: ImageSpec,
            reading: Reading,
            tell: (String) -> Unit,
        ): ImageSet =
            readingInput {
                val read = reading.pictures(ImageFolder.file(file), tell).read()
                if (read.height() != image.height() || read.width() != image.width()) {
                    throw AdvisedException(
                        "$file has ${read.height()} rows and ${read.width()} columns, the model" +
                            " is for ${image.height()} and ${image.width()}",
                        Advice.READ_IN_THE_MODELS_FORM,
                    )
                }
                read
            }
    }
}
