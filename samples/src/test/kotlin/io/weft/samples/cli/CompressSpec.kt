package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.codec.Codec
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.image.Picture
import io.weft.model.GatedPixelCnn
import io.weft.spec.ConditionValues
import java.io.File
import javax.imageio.ImageIO

/** `weft compress` and `weft decompress`: what comes back is what went in. */
class CompressSpec :
    StringSpec({
        val folder = tempdir()
        val digits =
            EmbeddedDigits
                .count(12)
                .size(8)
                .levels(4)
                .grey()
        val modelDir = File(folder, "model").path
        val pictures = File(folder, "pictures")
        val file = File(folder, "digits.weft")

        Model
            .initial(
                GatedPixelCnn
                    .builder(digits.spec())
                    .blocks(1)
                    .maps(4)
                    .classCondition("class", 10)
                    .build(),
                1,
            ).use { it.save(File(modelDir).toPath()) }
        for (i in 0 until digits.size()) {
            val of = File(pictures, "${digits.label(i)}/$i.png")
            of.parentFile.mkdirs()
            Picture.of(digits, i).writePng(of.toPath())
        }

        fun compress(vararg more: String) =
            weft("compress", "--model-dir", modelDir, "--data", pictures.path, *more)

        fun decompress(vararg more: String) =
            weft("decompress", "--model-dir", modelDir, "--file", file.path, *more)

        beforeSpec {
            val ran = compress("--out", file.path, "--verify", "--block", "4", "--json")
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            ran.json()["verified"].asBoolean() shouldBe true
            ran.json()["has_labels"].asBoolean() shouldBe true
            ran.json()["bytes"].asLong() shouldBe file.length()
            ran.json()["blocks"].asInt() shouldBe 3
        }

        "pictures come back, with their classes" {
            val into = File(folder, "back")
            val labels = File(folder, "labels.csv")
            val ran = decompress("--png-dir", into.path, "--labels", labels.path)
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            // The folder's order: class after class.
            val found = pictures.walk().filter { it.isFile }.toList()
            into.listFiles()!!.size shouldBe found.size
            labels.readLines().drop(1).map { it.substringAfter(',') }.sorted() shouldBe
                found.map { it.parentFile.name }.sorted()
            pixels(into.listFiles()!!.toList()) shouldBe pixels(found)
        }

        "what is not written is not kept, and labels are read without the images" {
            val labels = File(folder, "alone.csv")
            val alone = decompress("--labels", labels.path, "--json")
            withClue(alone) { alone.exitCode shouldBe ExitCode.OK }
            labels.readLines().size shouldBe 13
            alone.json()["images"].asInt() shouldBe 0
            decompress("--verify", "--json").json()["images"].asInt() shouldBe 12
            val one = File(folder, "one")
            decompress("--verify", "--image", "3", "--png-dir", one.path).exitCode shouldBe
                ExitCode.OK
            one.list()!!.toList() shouldBe listOf("00000.png")
        }

        "of several kinds of classes each has a column, by names where there are some" {
            val definition =
                GatedPixelCnn
                    .builder(digits.spec())
                    .blocks(1)
                    .maps(4)
                    .classCondition("digit", 10)
                    .classCondition("hand", listOf("left", "right"))
                    .build()
            val place = File(folder, "two-kinds")
            val coded = File(folder, "two-kinds.weft")
            Model.initial(definition, 1).use { model ->
                model.save(place.toPath())
                val examples =
                    Examples.conditioned(digits) {
                        ConditionValues.none().withLabel("digit", it % 10).withLabel("hand", it % 2)
                    }
                Codec.of(model).encode(examples).save(coded.toPath())
            }
            val csv = File(folder, "kinds.csv").path
            val ran =
                weft(
                    "decompress",
                    "--model-dir",
                    place.path,
                    "--file",
                    coded.path,
                    "--labels",
                    csv,
                )
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            File(csv).readLines().take(4) shouldBe
                listOf("image,digit,hand", "0,0,left", "1,1,right", "2,2,left")
        }

        "what is coded takes what the model says" {
            val bits =
                compress(
                    "--out",
                    File(folder, "again").path,
                    "--json",
                ).json()["bits_per_dim"]
            val score =
                weft("score", "--model-dir", modelDir, "--data", pictures.path, "--json")
                    .json()["bits_per_dim"]
            val labels = Math.log(10.0) / Math.log(2.0) / 64
            bits.asDouble() shouldBe (score.asDouble() + labels).plusOrMinus(0.02)
        }

        "a picture of any size comes back" {
            val large =
                EmbeddedDigits
                    .count(1)
                    .size(21)
                    .levels(4)
                    .grey()
            val picture = File(folder, "large.png")
            Picture.of(large, 0).writePng(picture.toPath())
            val coded = File(folder, "large.weft").path
            val back = File(folder, "large.npy")
            val ran =
                weft(
                    "compress",
                    "--model-dir",
                    modelDir,
                    "--data",
                    picture.path,
                    "--label",
                    "3",
                    "--out",
                    coded,
                )
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            val decoded =
                weft("decompress", "--model-dir", modelDir, "--file", coded, "--npy", back.path)
            withClue(decoded) { decoded.exitCode shouldBe ExitCode.OK }
            back.readBytes().takeLast(21 * 21).map { it.toInt() } shouldBe large.image(0).toList()
        }

        "one image comes alone, and all are shown while they are decoded" {
            val one = File(folder, "one.npy")
            decompress("--image", "7", "--npy", one.path).exitCode shouldBe ExitCode.OK
            val all = File(folder, "all.npy")
            val ran = decompress("--stream", "--npy", all.path)
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            one.readBytes().takeLast(64) shouldBe
                all.readBytes().takeLast(12 * 64).subList(7 * 64, 8 * 64)
        }

        "a file of another model, damage and misuse are told" {
            val other = File(folder, "other").path
            weft(
                "train",
                *words("--data embedded --size 8 --levels 4 --limit 20 --blocks 1 --maps 4"),
                *words("--steps 1 --out"),
                other,
            ).exitCode shouldBe ExitCode.OK
            val foreign = weft("decompress", "--model-dir", other, "--file", file.path, "--verify")
            foreign.exitCode shouldBe ExitCode.INPUT
            foreign.err shouldContain "coded under model"

            val bytes = file.readBytes()
            bytes[bytes.size - 3] = (bytes[bytes.size - 3] + 1).toByte()
            val damaged = File(folder, "damaged.weft").apply { writeBytes(bytes) }
            for (how in listOf("--verify", "--stream")) {
                val ran =
                    weft("decompress", "--model-dir", modelDir, "--file", damaged.path, how)
                withClue(ran) {
                    ran.exitCode shouldBe ExitCode.INPUT
                    ran.err shouldContain "damaged"
                }
            }

            decompress().err shouldContain "nothing to do with the images"
            decompress("--image", "12", "--png", "x.png").err shouldContain "has 12 images: 0 to 11"
            compress("--out", "x", "--block", "0").err shouldContain
                "--block=0: a block has 1 to 256 images, found 0"
            compress("--out", "x", "--label", "zebra").exitCode shouldBe ExitCode.USAGE
        }
    }) {
    private companion object {
        fun words(line: String) = line.split(' ').toTypedArray()

        fun pixels(files: List<File>) =
            files
                .map { file ->
                    val image = ImageIO.read(file)
                    image.getRGB(0, 0, image.width, image.height, null, 0, image.width).toList()
                }.sortedBy { it.joinToString() }
    }
}
