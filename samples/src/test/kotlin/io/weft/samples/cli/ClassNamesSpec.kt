package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.weft.Model
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.image.Picture
import io.weft.model.PixelCnn
import java.io.DataOutputStream
import java.io.File
import javax.imageio.ImageIO

/** What a model calls its classes goes with it through all commands. */
class ClassNamesSpec :
    StringSpec({
        val folder = tempdir()
        val digits =
            EmbeddedDigits
                .count(40)
                .size(8)
                .levels(2)
                .grey()

        /** Pictures of a digit for each class, in folders. */
        fun pictures(
            name: String,
            vararg digitOf: Pair<String, Int>,
        ): String {
            digitOf.forEach { (animal, digit) ->
                val ofClass = File(folder, "$name/$animal").apply { mkdirs() }
                val images = digits.ofClass(digit)
                repeat(images.size()) {
                    Picture.of(images, it).writePng(File(ofClass, "$it.png").toPath())
                }
            }
            return File(folder, name).path
        }

        /** MNIST's layout with any labels. */
        fun idx(
            name: String,
            labels: List<Int>,
        ): String {
            val place = File(folder, name).apply { mkdirs() }

            fun write(
                file: String,
                vararg header: Int,
                body: DataOutputStream.() -> Unit,
            ) = DataOutputStream(File(place, file).outputStream()).use { out ->
                header.forEach(out::writeInt)
                out.body()
            }
            write("train-images-idx3-ubyte", IMAGES, labels.size, 8, 8) {
                labels.indices.forEach { i ->
                    digits.image(i % digits.size()).forEach { writeByte(255 * it) }
                }
            }
            write("train-labels-idx1-ubyte", LABELS, labels.size) { labels.forEach(::writeByte) }
            return place.path
        }

        val animals = pictures("animals", "cat" to 0, "dog" to 1, "elk" to 7)
        val withoutCat = pictures("without-cat", "dog" to 1, "elk" to 7)
        val foreign = pictures("foreign", "cat" to 0, "fox" to 4)
        val model = File(folder, "model").path
        val small = arrayOf("--levels", "2", "--blocks", "1", "--maps", "6", "--rate", "5e-3")

        fun train(
            data: String,
            vararg more: String,
            out: String,
            steps: Int = 2,
        ) = weft(
            "train",
            "--data",
            data,
            *small,
            "--steps",
            "$steps",
            *more,
            "--out",
            out,
            "--json",
        )

        // Under this model's wrong labels images are unlikelier.
        val trained =
            train(animals, "--classes", "--test-data", withoutCat, out = model, steps = 40)

        fun score(
            data: String,
            vararg more: String,
        ) = weft("score", "--model-dir", model, "--data", data, *more, "--json")

        fun Ran.bits() = json()["bits_per_dim"].asDouble()

        fun Ran.refuses(
            code: Int,
            words: String,
        ) = withClue(this) {
            exitCode shouldBe code
            err shouldContain words
        }

        "training says which label a class has, and the model remembers" {
            withClue(trained) {
                trained.exitCode shouldBe ExitCode.OK
                trained.err shouldContain "classes: cat -> 0, dog -> 1, elk -> 2"
                trained.json()["classes"].map { it.asText() } shouldBe listOf("cat", "dog", "elk")
                val validation = trained.json()["validation_bits_per_dim"].asDouble()
                score(withoutCat).bits() shouldBe validation.plusOrMinus(1e-4)
            }
            weft("explain", "--model-dir", model).out shouldContain "class (one of cat, dog, elk)"
        }

        "data are matched by name or refused with both lists" {
            // In that folder alone "dog" and "elk" would be 0 and 1.
            val right = score(withoutCat).bits()
            val csv = File(folder, "own.csv")
            score(animals, "--per-image", csv.path)
            val rows = csv.readLines().drop(1).map { it.split(',') }
            val ofOthers = rows.filter { it[1] != "cat" }.map { it[3].toDouble() }
            ofOthers.average() shouldBe right.plusOrMinus(1e-4)
            score(foreign).refuses(ExitCode.INPUT, "are cat, dog, elk; the data's are cat, fox")
            train(animals, "--classes", "--test-data", foreign, out = "$model-2")
                .refuses(ExitCode.INPUT, "--test-data: example")
            weft(
                "complete",
                "--model-dir",
                model,
                "--data",
                foreign,
                "--index",
                "7",
                "--half",
                "top",
                "--stream",
            ).refuses(ExitCode.INPUT, "the data's are cat, fox")
            train(foreign, "--classes", "--resume", out = model, steps = 50)
                .refuses(ExitCode.INPUT, "are cat, dog, elk; the data's are cat, fox")
            train(
                animals,
                "--classes",
                "--test-data",
                withoutCat,
                "--resume",
                out = model,
                steps = 41,
            ).json()["steps"]
                .asInt() shouldBe 1
        }

        "images are scored under one class, and under each" {
            val dogs = pictures("dogs", "dog" to 1)
            score(dogs, "--label", "dog").bits() shouldBe score(dogs).bits()
            val asCats = score(dogs, "--label", "0")
            asCats.json()["label"].asText() shouldBe "cat"
            score(dogs, "--label", "fox")
                .refuses(ExitCode.USAGE, "--label=fox: there is no class \"fox\"; the classes are")
            val csv = File(folder, "each.csv")
            val each = score(dogs, "--all-labels", "--per-image", csv.path).json()
            each["labels"].fieldNames().asSequence().toList() shouldBe listOf("cat", "dog", "elk")
            each["labels"]["cat"]["bits_per_dim"].asDouble() shouldBe asCats.bits()
            val rows = csv.readLines().map { it.split(',') }
            rows[0] shouldBe
                listOf("image", "label", "likeliest") +
                listOf("cat", "dog", "elk").map { "log_likelihood:$it" } + "file"
            rows.size shouldBe 1 + each["images"].asInt()
            val own = rows.drop(1).count { it[2] == "dog" }.toDouble() / (rows.size - 1)
            each["own_label_likeliest"].asDouble() shouldBe own
            rows.drop(1).forEach { row ->
                val best =
                    row
                        .slice(
                            3..5,
                        ).map { it.toDouble() }
                        .withIndex()
                        .maxBy { it.value }
                        .index
                row[2] shouldBe listOf("cat", "dog", "elk")[best]
            }
            // Pictures without labels of their own.
            val alone = "$dogs/dog"
            score(alone).refuses(ExitCode.INPUT, "--label, or see each with --all-labels")
            score(alone, "--label", "dog").bits() shouldBe score(dogs).bits()
            score(alone, "--all-labels").json()["own_label_likeliest"].isNull shouldBe true
        }

        "images are drawn and completed under names" {
            val drawn =
                weft(
                    "sample",
                    "--model-dir",
                    model,
                    "--label",
                    "elk,0",
                    "--count",
                    "3",
                    "--stream",
                    "--json",
                )
            withClue(drawn) {
                drawn.json()["labels"].map { it.asText() } shouldBe listOf("elk", "cat", "elk")
                drawn.err shouldContain "elk"
            }
            val completed =
                weft(
                    "complete",
                    "--model-dir",
                    model,
                    "--data",
                    withoutCat,
                    "--index",
                    "0,7",
                    "--count",
                    "1",
                    "--half",
                    "top",
                    "--stream",
                    "--json",
                )
            withClue(completed) {
                completed.json()["labels"].map { it.asText() } shouldBe listOf("dog", "elk")
            }
        }

        "sheets have the names below the images" {
            val sheet = File(folder, "sheet.png")
            val side = 8 * 4
            val gap = 2 * 4
            val line = 11

            /** Whether there is ink below the image of a row and a column. */
            fun isNamed(
                row: Int,
                column: Int,
            ): Boolean {
                val image = ImageIO.read(sheet)
                val top = gap + row * (side + line + gap) + side
                val left = gap + column * (side + gap)
                return (0 until line * side).any {
                    image.raster.getSample(left + it % side, top + it / side, 0) == 255
                }
            }
            val sampled =
                weft("sample", "--model-dir", model, "--count", "3", "--png", sheet.path)
            withClue(sampled) { sampled.exitCode shouldBe ExitCode.OK }
            // The names do not fit in 32 pixels at twice their size: "cat" is 34.
            ImageIO.read(sheet).height shouldBe gap + side + line + gap
            List(3) { isNamed(0, it) } shouldBe listOf(true, true, true)
            val ways = listOf("--index", "0,7", "--count", "2", "--half", "top")
            val completed =
                weft(
                    "complete",
                    *arrayOf("--model-dir", model, "--data", withoutCat, "--png", sheet.path),
                    *ways.toTypedArray(),
                )
            withClue(completed) { completed.exitCode shouldBe ExitCode.OK }
            List(2) { row -> List(4) { isNamed(row, it) } } shouldBe
                List(2) { listOf(false, false, true, true) }
        }

        "what --classes asks for must be there" {
            train(animals, "--classes", "10", out = "$model-3")
                .refuses(ExitCode.INPUT, "the data have 3 classes, cat, dog, elk, which are not")
            train(animals, "--classes", "cat,dog", out = "$model-3")
                .refuses(ExitCode.INPUT, "are cat, dog; the data's are cat, dog, elk")
            train(animals, "--classes", "cat,cat", out = "$model-3")
                .refuses(ExitCode.USAGE, "both named \"cat\"")
            train("$animals/cat", "--classes", "--test-data", animals, out = "$model-3")
                .refuses(ExitCode.INPUT, "no labels for --classes")
            val more = train(animals, "--classes", "elk,fox,cat,dog", out = "$model-3")
            more.err shouldContain "classes: elk -> 0, fox -> 1, cat -> 2, dog -> 3"
        }

        "labels of IDX files are classes by name, wherever they begin" {
            val letters = idx("letters", List(52) { 1 + it % 26 })
            val ran = train(letters, "--classes", "26", out = "$model-4")
            withClue(ran) { ran.json()["classes"].map { it.asText() } shouldContain "26" }
            ran.json()["classes"][0].asText() shouldBe "1"
            val some = idx("some", listOf(26, 3, 26))
            weft("score", "--model-dir", "$model-4", "--data", some).exitCode shouldBe ExitCode.OK
            weft("sample", "--model-dir", "$model-4", "--label", "0", "--stream")
                .refuses(ExitCode.USAGE, "there is no class \"0\"")
            val three = train(idx("three", List(30) { it % 3 }), "--classes", out = "$model-4")
            three.json()["classes"].size() shouldBe 3
            three.err shouldContain "classes: 0 to 2, each with its number"
        }

        "a model that was saved before names were takes whole sets, and says so" {
            val definition =
                PixelCnn
                    .builder(digits.spec())
                    .blocks(1)
                    .maps(4)
                    .classCondition("class", 3)
                    .build()
            Model.initial(definition, 1).use { it.save(File(model + "-5").toPath()) }

            fun scored(data: String) =
                weft("score", "--model-dir", "$model-5", "--data", data, "--json")
            val whole = scored(animals)
            whole.err shouldContain "taken in their order: cat -> 0, dog -> 1, elk -> 2"
            Model.load(File(model + "-5").toPath()).use { loaded ->
                val images = listOf(0, 1, 7).map { digits.ofClass(it) }
                val labels = images.flatMapIndexed { label, set -> List(set.size()) { label } }
                val levels = images.flatMap { set -> List(set.size()) { set.image(it).toList() } }
                val set =
                    ImageSet
                        .of(digits.spec(), levels.flatten().toIntArray())
                        .labelled(labels.toIntArray(), 3)
                loaded.score(Examples.labelled(set, "class")).bitsPerDimension() shouldBe
                    whole.bits()
            }
            scored(withoutCat).refuses(ExitCode.INPUT, "have no names, only the numbers 0 to 2")
            val numbers = scored(idx("numbers", List(9) { it % 3 }))
            numbers.exitCode shouldBe ExitCode.OK
            numbers.err shouldNotContain "no names"
        }
    }) {
    private companion object {
        const val IMAGES = 0x803
        const val LABELS = 0x801
    }
}
