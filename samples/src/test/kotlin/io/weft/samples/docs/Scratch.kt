package io.weft.samples.docs

import io.weft.Model
import io.weft.dsl.gatedPixelCnn
import io.weft.exchange.Tensor
import io.weft.exchange.TensorFile
import io.weft.spec.ImageSpec
import java.awt.Color
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.nio.file.Path
import java.util.zip.GZIPOutputStream
import javax.imageio.ImageIO
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.outputStream
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText
import kotlin.random.Random

/** A folder with small data under the names that the documentation gives its data. */
internal object Scratch {
    private const val TRAIN = 40
    private const val TEST = 48
    private const val PICTURES = 20

    /** So many good images are enough for 5 false alarms in 100. */
    private const val GOOD = 200
    private const val SIZE = 28
    private const val COLOUR_SIZE = 32
    private const val CLASSES = 10

    /**
     * Makes the files: MNIST's, a batch of CIFAR-10, folders of pictures, codes, a torn digit, a
     * model, weights.
     */
    fun fill(folder: Path) {
        val mnist = (folder / "mnist").createDirectories()
        for (place in listOf(folder, mnist)) {
            idxImages(place / "train-images-idx3-ubyte.gz", TRAIN)
            idxImages(place / "t10k-images-idx3-ubyte.gz", TEST)
        }
        idxLabels(mnist / "train-labels-idx1-ubyte.gz", TRAIN)
        idxLabels(mnist / "t10k-labels-idx1-ubyte.gz", TEST)
        for (name in listOf("data_batch_1", "train", "held", "first")) cifar(folder / "$name.bin")
        pictures((folder / "pictures").createDirectories())
        codes(folder / "codes.npz")
        for (kind in listOf("cat", "dog", "elk")) alike(folder / "animals" / kind)
        alike(folder / "photos")
        alike(folder / "good", GOOD)
        for (kind in listOf("good", "scratched")) alike(folder / "received" / kind)
        ImageIO.write(picture(16, 16, 1), "png", (folder / "torn.png").toFile())
        Model
            .initial(
                gatedPixelCnn(ImageSpec(8, 8, 1, 4)) {
                    blocks(1)
                    maps(4)
                },
                1,
            ).use {
                it.save(folder / "faces")
                it.save(folder / "declared")
                TensorFile.writeSafetensors(folder / "gated.safetensors", it.weights())
            }
        (folder / "gated.txt").writeText("* = *\n")
    }

    /** A light disc on black: enough to have something to learn. */
    private fun disc(
        size: Int,
        image: Int,
    ): ByteArray {
        val random = Random(image)
        val (row, column) = List(2) { size / 4 + random.nextInt(size / 2) }
        val radius = size * size / (9 + random.nextInt(20))
        return ByteArray(size * size) {
            val distance =
                (it / size - row) * (it / size - row) + (it % size - column) * (it % size - column)
            (255 - 255 * distance / radius).coerceAtLeast(0).toByte()
        }
    }

    private fun idxImages(
        file: Path,
        count: Int,
    ) = gzipped(file) { out ->
        listOf(0x803, count, SIZE, SIZE).forEach(out::writeInt)
        repeat(count) { out.write(disc(SIZE, it)) }
    }

    private fun idxLabels(
        file: Path,
        count: Int,
    ) = gzipped(file) { out ->
        listOf(0x801, count).forEach(out::writeInt)
        repeat(count) { out.writeByte(it % CLASSES) }
    }

    private fun gzipped(
        file: Path,
        write: (DataOutputStream) -> Unit,
    ) = DataOutputStream(GZIPOutputStream(file.outputStream())).use(write)

    /** Records of a label and three planes. */
    private fun cifar(file: Path) {
        val bytes = ByteArrayOutputStream()
        repeat(TRAIN) { image ->
            bytes.write(image % CLASSES)
            repeat(3) { bytes.write(disc(COLOUR_SIZE, 3 * image + it)) }
        }
        file.writeBytes(bytes.toByteArray())
    }

    /** 8x8 codes of 512 as NumPy writes them. */
    private fun codes(file: Path) {
        val codes = List(TRAIN * 64) { (it * 37 % 512).toFloat() }.toFloatArray()
        TensorFile.writeNpz(file, mapOf("codes" to Tensor.of(listOf(TRAIN, 8, 8), *codes)))
    }

    /** Pictures as people have them: of several sizes and both kinds. */
    private fun pictures(folder: Path) =
        repeat(PICTURES) {
            val (width, height) = listOf(48 to 36, 36 to 48, 40 to 40)[it % 3]
            val kind = if (it % 2 == 0) "png" else "jpg"
            ImageIO.write(picture(width, height, it), kind, (folder / "$it.$kind").toFile())
        }

    /** Pictures of one size. */
    private fun alike(
        folder: Path,
        count: Int = 8,
    ) {
        folder.createDirectories()
        repeat(count) { ImageIO.write(picture(16, 16, it), "png", (folder / "$it.png").toFile()) }
    }

    private fun picture(
        width: Int,
        height: Int,
        number: Int,
    ): BufferedImage =
        BufferedImage(width, height, BufferedImage.TYPE_INT_RGB).apply {
            createGraphics().run {
                color = Color.getHSBColor(number / PICTURES.toFloat(), 1f, 1f)
                fillOval(width / 4, height / 4, width / 2, height / 2)
                dispose()
            }
        }
}
