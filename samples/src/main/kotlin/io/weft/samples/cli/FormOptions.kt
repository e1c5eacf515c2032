package io.weft.samples.cli

import picocli.CommandLine.Option

/** The form of images that a new model is made for: their size and colours. */
internal class FormOptions {
    @Option(
        names = ["--size"],
        paramLabel = "N|RxC",
        converter = [ImageSize.Converter::class],
        description = [
            "Bring images to N rows and columns, or to R rows and C columns, as --fit says" +
                " (default: as they are; of the embedded digits 28).",
        ],
    )
    var size: ImageSize? = null

    @Option(
        names = ["--colours"],
        paramLabel = "NAME",
        description = ["Turn pictures to grey, or to rgb (default: as they are)."],
    )
    var colours: Colours? = null

    /** Refuses what the embedded digits have not, if these are the [data] that [option] names. */
    fun check(
        option: String,
        data: String,
        misuse: (String) -> Nothing,
    ) {
        if (data != DataSource.EMBEDDED) return
        if (size?.isSquare == false) misuse("--size=$size; embedded digits are square")
        if (colours != null) misuse("--colours is for pictures; $option=$data needs none")
    }

    /** Refuses a way to bring images to a size that is not said. */
    fun checkFit(
        pictures: PictureOptions,
        misuse: (String) -> Nothing,
    ) {
        if (size == null && pictures.fit != null) {
            misuse("--fit=${pictures.fit} without a size; give --size=N too")
        }
    }

    /**
     * The images at a path in this form.
     *
     * @param option what names the path, for messages
     * @param seed decides the places of --fit=random
     */
    fun source(
        option: String,
        path: String,
        pictures: PictureOptions,
        seed: Long,
        tell: (String) -> Unit,
    ): DataSource {
        val side = size?.rows ?: DataSource.USUAL_SIZE
        return DataSource(path, side, pictures.reading(size, colours, seed), tell, option)
    }
}
