package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.image.ContactSheet
import io.weft.image.Picture
import java.nio.file.Path

/** The images of a set that are the first to look at, as one picture. */
internal object SuspectSheet {
    /** So many images at most. */
    const val MOST = 100

    private const val COLUMNS = 10
    private const val SIDE = 72

    /**
     * Writes the first of some images as a sheet.
     *
     * @param order the images, the most suspect first
     * @param caption what is written below an image
     */
    fun write(
        images: ImageSet,
        order: List<Int>,
        file: Path,
        console: Console,
        caption: (Int) -> String,
    ) {
        val shown = order.take(MOST)
        val pictures = shown.map { Picture.of(images, it).enlargedTo(SIDE) }
        ContactSheet(COLUMNS).of(pictures, shown.map(caption)).writePng(file)
        console.say(
            "wrote a sheet of ${counted(shown.size, "image")}, the most suspect first: $file",
        )
    }
}
