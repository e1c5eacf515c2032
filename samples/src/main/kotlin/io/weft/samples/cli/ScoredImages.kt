package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.spec.ImageSpec
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** Images for a model that is there already: which, and how they are read. */
internal class ScoredImages {
    /** Which images of data that have several parts. */
    internal enum class Part { TEST, TRAIN }

    @Mixin
    private lateinit var data: DataOptions

    @Option(
        names = ["--part"],
        paramLabel = "PART",
        description = [
            "test or train, where the data have both (default test; data without parts are taken" +
                " whole).",
        ],
    )
    private var part = Part.TEST

    @Mixin
    private lateinit var binarise: BinariseOptions

    /** Checks the options that need no files. */
    fun check(misuse: (String) -> Nothing) {
        data.check(misuse)
        binarise.check(misuse)
    }

    /** Reads the images in a model's form, and says what is done to them. */
    fun read(
        image: ImageSpec,
        console: Console,
        misuse: (String) -> Nothing,
    ): ImageSet {
        val source =
            DataSource(data.data, image.width(), data.pictures.reading(image), console::note)
        binarise.checkLevels(image.levels(), "the model is for ${image.levels()}", misuse)
        val levels = binarise.levelsOfReading(image.levels())
        val images =
            when (part) {
                Part.TEST -> source.test(data.limit, levels) ?: source.train(data.limit, levels)
                Part.TRAIN -> source.train(data.limit, levels)
            }
        data.pictures.checkUsed()
        binarise.words?.let { console.note("images are $it") }
        return binarise.binarisation?.let { readingInput { images.binarised(it) } } ?: images
    }

    /** What is done to the images, as fields of JSON. */
    fun json(): Map<String, Any?> = binarise.words?.let { mapOf("images_are" to it) }.orEmpty()
}
