package io.weft.samples.cli

import io.weft.advice.AdvisedException
import io.weft.data.DataPath
import io.weft.data.EmbeddedDigits
import io.weft.data.ImageSet
import io.weft.internal.Evenly
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** The images that a command works on. */
internal class DataOptions {
    @Option(
        names = ["--data"],
        required = true,
        paramLabel = "PATH",
        description = [
            "A folder of IDX files with MNIST's names, an IDX file (.gz or not), a CIFAR-10 file" +
                " or folder, a picture or a folder of them: PNG, JPEG, WebP, GIF, BMP, TIFF" +
                " (sub-folders are classes), codes (.npy, .npz, .safetensors, IDX of 16 or" +
                " 32 bits), or the word 'embedded' for digits that Weft draws" +
                " itself. weft data shows what would be read.",
        ],
    )
    lateinit var data: String

    @Option(
        names = ["--limit"],
        paramLabel = "N",
        description = [
            "Take at most N images, spread evenly over the data; of the embedded ones exactly N.",
        ],
    )
    var limit: Int? = null

    @Mixin
    var pictures = PictureOptions()

    /** Checks the options that need no files. */
    fun check(misuse: (String) -> Nothing) {
        limit?.let { if (it < 1) misuse("--limit=$it; expected 1 or more images") }
        pictures.check(misuse)
        if (data == DataSource.EMBEDDED) {
            pictures.given.firstOrNull()?.let {
                misuse("$it is for pictures; --data=$data needs none")
            }
        }
    }
}

/**
 * Images to train on and to test on, found at a path or drawn.
 *
 * @property size rows and columns of drawn images
 * @property reading how images are read that are found
 * @property tell hears what was passed over
 * @property option what names the path, for messages
 */
internal class DataSource(
    private val data: String,
    private val size: Int,
    private val reading: Reading,
    private val tell: (String) -> Unit,
    private val option: String = "--data",
) {
    private val isEmbedded = data == EMBEDDED

    /** Reads at most [limit] images to train on, with [levels] levels. */
    fun train(
        limit: Int?,
        levels: Int,
    ): ImageSet =
        if (isEmbedded) {
            embedded(limit ?: TRAIN_COUNT, TRAIN_SEED).quantised(levels)
        } else {
            found { reading.codes(it, levels) }?.spread(limit)
                ?: finished(found { reading.train(it, tell) }, limit, levels)
        }

    /** Reads at most [limit] images to test on, with [levels] levels; null if there are none. */
    fun test(
        limit: Int?,
        levels: Int,
    ): ImageSet? =
        if (isEmbedded) {
            embedded(limit ?: TEST_COUNT, TEST_SEED).quantised(levels)
        } else {
            found { DataPath.test(it).orElse(null) }?.let { finished(it, limit, levels) }
        }

    private fun finished(
        images: ImageSet,
        limit: Int?,
        levels: Int,
    ): ImageSet =
        readingInput {
            try {
                reading.checkLevels(images, levels)
                reading.finished(images.spread(limit), levels)
            } catch (e: IllegalArgumentException) {
                throw AdvisedException.at("$option=$data", e)
            }
        }

    private fun embedded(
        count: Int,
        seed: Long,
    ): ImageSet =
        readingInput {
            EmbeddedDigits
                .count(count)
                .size(size)
                .seed(seed)
                .grey()
        }

    private fun <T> found(read: (Path) -> T): T {
        val path = Path.of(data)
        if (!Files.exists(path)) {
            throw InputException(
                "$option=$data does not exist; give a file, a folder or 'embedded'",
            )
        }
        return try {
            readingInput { read(path) }
        } catch (e: OutOfMemoryError) {
            throw IOException("$data is too large for Java's memory; set WEFT_JAVA_OPTS=-Xmx4g", e)
        }
    }

    internal companion object {
        /** What stands for digits that Weft draws itself. */
        const val EMBEDDED = "embedded"

        /** Rows and columns of the embedded digits where nothing is said. */
        const val USUAL_SIZE = 28

        private const val TRAIN_COUNT = 10_000
        private const val TEST_COUNT = 1_000
        private const val TRAIN_SEED = 0L
        private const val TEST_SEED = 1L
    }
}

/** At most [limit] images, spread evenly, so that data sorted by class keep all classes. */
internal fun ImageSet.spread(limit: Int?): ImageSet =
    if (limit == null || limit >= size()) {
        this
    } else {
        select(*IntArray(limit) { Evenly.first(size(), limit, it) })
    }
