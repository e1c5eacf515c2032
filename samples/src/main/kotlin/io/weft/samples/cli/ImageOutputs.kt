package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.data.NumpyFile
import io.weft.image.Picture
import io.weft.spec.ImageSpec
import picocli.CommandLine.Option
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.deleteIfExists
import kotlin.io.path.isDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name

/** Drawn images for programs, pixel by pixel as they are: each a file, or all one array. */
internal class ImageOutputs {
    @Option(
        names = ["--png-dir"],
        paramLabel = "DIR",
        description = [
            "Write each image as a picture of its own, in its own size: DIR/00000.png and so on.",
        ],
    )
    private var folder: Path? = null

    @Option(
        names = ["--npy"],
        paramLabel = "FILE",
        converter = [OutputFile::class],
        description = [
            "Write all images as one array for NumPy: unsigned bytes [image, row, column," +
                " channel], which are levels, 0 to one below the model's number of them.",
        ],
    )
    private var array: Path? = null

    /** Whether anything is written. */
    val isAny: Boolean get() = folder != null || array != null

    /** Checks, before [count] images are drawn, that they would not lie among others. */
    fun check(
        count: Int,
        misuse: (String) -> Nothing,
    ) {
        val into = folder ?: return
        if (Files.exists(into) && !into.isDirectory()) {
            misuse("--png-dir=$into is a file; give a folder")
        }
        val foreign =
            if (into.isDirectory()) {
                into.listDirectoryEntries().map { it.name } - (0 until count).map(::name).toSet()
            } else {
                listOf()
            }
        if (foreign.isNotEmpty()) {
            misuse("--png-dir=$into has ${foreign.min()}, not of these images; give an empty one")
        }
    }

    /** Checks, before [count] images are drawn, that an array can hold them. */
    fun checkSize(
        image: ImageSpec,
        count: Int,
        misuse: (String) -> Nothing,
    ) {
        val values = count.toLong() * image.values()
        if (array != null && values > MOST_VALUES) {
            misuse(
                "--npy with ${counted(count, "image")} of $image would have $values values, more" +
                    " than $MOST_VALUES; give --png-dir, or take fewer",
            )
        }
    }

    /**
     * Writes images; returns the fields of JSON that say where.
     *
     * @param asked how many there were to be: what an earlier run left of the others is removed, as
     *     it is no image of this one
     */
    fun write(
        images: List<IntArray>,
        asked: Int,
        image: ImageSpec,
        console: Console,
    ): Map<String, String?> {
        folder?.let { into ->
            for (index in images.size until asked) into.resolve(name(index)).deleteIfExists()
            images.forEachIndexed { index, levels ->
                Picture.of(image, levels).writePng(into.resolve(name(index)))
            }
            console.say("wrote ${counted(images.size, "picture")} in $into")
        }
        array?.let {
            val all = IntArray(images.size * image.values())
            images.forEachIndexed { index, one -> one.copyInto(all, index * image.values()) }
            NumpyFile.write(it, ImageSet.of(image, all))
            console.say("wrote $it")
        }
        return mapOf("png_dir" to folder?.toString(), "npy" to array?.toString())
    }

    private fun name(index: Int) = format("%05d.png", index)

    private companion object {
        /** As many as an array has. */
        const val MOST_VALUES = Int.MAX_VALUE - 8
    }
}
