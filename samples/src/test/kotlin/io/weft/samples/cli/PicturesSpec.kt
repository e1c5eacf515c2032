package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.weft.data.ImageFolder
import io.weft.image.Picture
import java.awt.image.BufferedImage
import java.io.File
import javax.imageio.ImageIO

/** Folders of pictures as people have them, through the command line. */
class PicturesSpec :
    StringSpec({
        val folder = tempdir()
        val tiny = "--levels 4 --blocks 1 --maps 6 --steps 2".split(' ').toTypedArray()

        fun file(name: String) = File(folder, name)

        fun write(
            name: String,
            height: Int,
            width: Int,
            channels: Int,
            values: Picture.Values,
        ) = Picture.of(height, width, channels, values).writePng(file(name).toPath())

        fun done(vararg arguments: String) =
            weft(*arguments).also { withClue(it) { it.exitCode shouldBe ExitCode.OK } }

        fun refused(
            words: String,
            vararg arguments: String,
        ) = weft(*arguments).let {
            withClue(it) {
                it.exitCode shouldBe ExitCode.INPUT
                it.err shouldContain words
                ApiTalk.inText(it.err.replace(folder.path, "")).shouldBeEmpty()
            }
        }

        beforeSpec {
            for (i in 0 until 6) {
                val kind = if (i % 2 == 0) "even" else "odd"
                write("pictures/$kind/$i.png", 9 + i, 20 - i, 3) { r, c, k -> (r + c + 80 * k) }
                write("sprites/$i.png", 8, 8, 4) { r, c, k ->
                    if (k < 3) {
                        40 * k + i
                    } else if (r + c > 5) {
                        255
                    } else {
                        0
                    }
                }
                write("masks/$i.png", 8, 8, 1) { r, c, _ -> (r + c + i) % 5 }
            }
            file("pictures/__MACOSX").mkdir()
            file("pictures/Thumbs.db").writeText("")
            file("pictures/notes.txt").writeText("")
            write("one/a.png", 8, 8, 1) { r, c, _ -> 30 * ((r + c) % 8) }
        }

        "pictures of many sizes are brought to one, and scored by the names of their files" {
            val data = file("pictures").path
            val out = file("model").path
            refused("Give --size=N", "train", "--data", data, "--out", out)
            val train = arrayOf("train", "--data", data, "--out", out, "--classes", "2")
            val ran = done(*train, "--size", "8", *tiny)
            ran.err shouldContain "passed over, being no PNG"
            ran.err shouldContain ": notes.txt"
            ran.err shouldNotContain "Thumbs"
            val csv = file("scores.csv")
            val score = arrayOf("score", "--model-dir", out, "--data", data)
            refused("Give --fit", *score)
            done(*score, "--fit", "pad", "--per-image", csv.path)
            csv.readLines().map { it.substringAfterLast(',') } shouldBe
                listOf("file") + listOf(0, 2, 4).map { "even/$it.png" } +
                listOf(1, 3, 5).map { "odd/$it.png" }
        }

        "each way of fitting trains, also to other proportions" {
            for (how in listOf("centre", "random", "pad", "stretch")) {
                val data = arrayOf("--data", file("pictures").path, "--colours", "grey")
                val out = file("fit-$how").path
                done("train", *data, "--size", "6x8", "--fit", how, "--out", out, *tiny)
                    .err shouldContain "images of 6x8x1"
            }
        }

        "transparency is refused, put on a ground, or kept; samples of it are shown and written" {
            val data = arrayOf("--data", file("sprites").path)
            val out = file("sprite-model").path
            refused("--ground=alpha", "train", *data, "--out", out)
            done("train", *data, "--ground", "ffffff", "--out", out, *tiny)
            refused("--ground=alpha keeps", "score", "--model-dir", out, *data, "--ground", "alpha")
            val sheets = file("sheets")
            val watched = arrayOf("--sheets", sheets.path, "--tensorboard", file("board").path)
            done("train", *data, "--ground", "alpha", "--out", out, *tiny, *watched)
            ImageIO.read(sheets.listFiles()!!.first()).raster.numBands shouldBe 3
            done("score", "--model-dir", out, *data)
            val into = file("drawn")
            val array = file("drawn.npy")
            val json =
                done(
                    *arrayOf("sample", "--model-dir", out, "--count", "3", "--stream", "--json"),
                    *arrayOf("--png", file("sheet.png").path, "--png-dir", into.path),
                    *arrayOf("--npy", array.path),
                ).json()
            json["png_dir"].asText() shouldBe into.path
            into.list()!!.sorted() shouldBe listOf("00000.png", "00001.png", "00002.png")
            ImageIO.read(file("sheet.png")).raster.numBands shouldBe 3
            val read =
                ImageFolder
                    .at(into.toPath())
                    .alpha()
                    .read()
                    .quantised(4)
            val levels = array.readBytes().takeLast(3 * 8 * 8 * 4)
            levels.size shouldBe 768
            // What is not seen has no colour in a picture; the array has all.
            for (i in 0 until 3 * 64) {
                val alpha = read.level(i / 64, i % 64 / 8, i % 8, 3)
                levels[4 * i + 3].toInt() shouldBe alpha
                if (alpha > 0) {
                    levels[4 * i].toInt() shouldBe read.level(i / 64, i % 64 / 8, i % 8, 0)
                }
            }
            val again = weft("sample", "--model-dir", out, "--count", "2", "--png-dir", into.path)
            again.exitCode shouldBe ExitCode.USAGE
            again.err shouldContain "00002.png, not of these images"
            done(
                *arrayOf("complete", "--model-dir", out, "--image", file("sprites/1.png").path),
                *arrayOf("--half", "left", "--count", "1", "--png", file("half.png").path),
            )
        }

        "what is cut out of a picture is completed, by itself or as a mask" {
            val out = file("one-model").path
            done("train", "--data", file("one").path, "--out", out, *tiny)
                .err shouldContain "too few to set some aside"
            write("torn.png", 8, 8, 2) { r, c, k ->
                if (k == 0) {
                    30 * ((r + c) % 8)
                } else if (r in 2..3 && c > 4) {
                    0
                } else {
                    255
                }
            }
            val complete =
                arrayOf("complete", "--model-dir", out, "--count", "2", "--json", "--png")
            val whole = arrayOf("--image", file("one/a.png").path)
            val torn = arrayOf("--image", file("torn.png").path)
            val one = file("1.png")
            val other = file("2.png")
            done(*complete, one.path, *torn, "--transparent")
                .json()["missing_pixels"]
                .asInt() shouldBe 6
            done(*complete, other.path, *whole, "--mask", file("torn.png").path)
                .json()["missing_pixels"]
                .asInt() shouldBe 6

            // But for the original, which has a hole in one, the sheets are the same.
            fun right(sheet: File): List<Int> {
                val image: BufferedImage = ImageIO.read(sheet)
                val from = image.width / 4 + 1
                return (from until image.width).flatMap { x ->
                    (0 until image.height).map { y -> image.getRGB(x, y) }
                }
            }
            right(one) shouldBe right(other)
            refused("--transparent if that", *complete, one.path, *torn, "--half", "top")
            val misused = weft(*complete, one.path, "--data", "embedded", "--transparent")
            misused.exitCode shouldBe ExitCode.USAGE
            misused.err shouldContain "give that"
        }

        "masks of few values are labels or refused" {
            val train = arrayOf("train", "--data", file("masks").path, "--out", file("m").path)
            val five = arrayOf("--levels", "5", *tiny.drop(2).toTypedArray())
            refused("--values=exact for labels", *train, *five)
            refused("Give more --levels", *train, *tiny, "--values", "exact")
            done(*train, *five, "--values", "exact")
            done(*train, *five, "--values", "0..4")
            done(*train, *five, "--values", "full")
        }

        "locally masked models have filters that suit colours" {
            val train = arrayOf("train", "--data", file("pictures").path, "--out", file("l").path)
            val lm = arrayOf("--model", "locally-masked", "--size", "6", "--blocks", "1")
            done(*train, *lm, "--levels", "4", "--steps", "1")
            val ran = weft(*train, *lm, "--maps", "32")
            ran.exitCode shouldBe ExitCode.USAGE
            ran.err shouldContain "the next is 33. Give --maps=N"
        }
    })
