package io.weft.samples.cli

import io.weft.data.DataPath
import io.weft.data.Fit
import io.weft.data.ImageFolder
import io.weft.data.ImageSet
import io.weft.exchange.CodeFile
import io.weft.image.CodePalette
import java.nio.file.Path

/** What becomes of transparent pixels. */
internal sealed interface Transparency {
    /** A colour shows, 0xRRGGBB. */
    class Ground(
        val rgb: Int,
    ) : Transparency

    /** How opaque a pixel is becomes its last channel. */
    object Kept : Transparency
}

/**
 * How images are read, all that is not said being the library's default.
 *
 * @param used hears of each path that leads to pictures
 */
internal class Reading(
    private val fit: Fit? = null,
    private val colours: Colours? = null,
    private val transparency: Transparency? = null,
    private val values: PictureOptions.Values? = null,
    private val used: () -> Unit = {},
) {
    /** Reads the images to train on at a path, telling what was passed over. */
    fun train(
        path: Path,
        tell: (String) -> Unit,
    ): ImageSet = DataPath.train(path) { pictures(it, tell) }

    /** Reads codes at a path, which are taken as they are; null if there are none. */
    fun codes(
        path: Path,
        levels: Int,
    ): ImageSet? {
        if (!CodeFile.isOne(path)) return null
        if (fit != null) {
            throw InputException(
                "--size and --fit are for pictures; the codes of $path are as they are: leave them out",
            )
        }
        return CodeFile.read(path, levels)
    }

    /** Says how pictures are read. */
    fun pictures(
        folder: ImageFolder,
        tell: (String) -> Unit,
    ): ImageFolder {
        used()
        val reader = folder.telling(tell)
        val fitted = fit?.let { reader.fitted(it) } ?: reader
        val coloured =
            when (colours) {
                Colours.GREY -> fitted.grey()
                Colours.RGB -> fitted.colour()
                null -> fitted
            }
        val grounded =
            when (transparency) {
                is Transparency.Ground -> coloured.ground(transparency.rgb)
                Transparency.Kept -> coloured.alpha()
                null -> coloured
            }
        return when (values) {
            PictureOptions.Values.Full -> grounded.fullRange()
            PictureOptions.Values.Exact -> grounded.exactValues()
            is PictureOptions.Values.Between -> grounded.valuesBetween(values.low, values.high)
            null -> grounded
        }
    }

    /**
     * Returns images in the size that was asked for and with [levels] levels: rounded to them, if
     * they had 256, and as they are, if they had more.
     */
    fun finished(
        images: ImageSet,
        levels: Int,
    ): ImageSet =
        if (values == PictureOptions.Values.Exact || CodePalette.suits(images.spec())) {
            (fit?.let { images.fittedToNearest(it) } ?: images).asLevels(levels)
        } else {
            (fit?.let { images.fitted(it) } ?: images).quantised(levels)
        }

    /** Refuses, before any are left out, images that [levels] levels would merge. */
    fun checkLevels(
        images: ImageSet,
        levels: Int,
    ) {
        if (values == null && !CodePalette.suits(images.spec())) images.checkQuantising(levels)
    }

    /** How a picture of a mask is read: in the same size, with whatever was cut out of it. */
    fun ofMasks(): Reading = Reading(fit = fit, transparency = Transparency.Kept)

    /** The same, whatever shows where pictures are transparent, if nothing else was said. */
    fun onAnyGround(): Reading =
        Reading(fit, colours, transparency ?: Transparency.Ground(0), values, used)
}
