package io.weft.samples.cli

import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.weft.image.Picture
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.writeText

/** `weft data` says what training would read. */
class DataSpec :
    StringSpec({
        "pictures are counted by class, and what is odd about them is said" {
            val folder = tempdir().toPath()

            fun write(
                name: String,
                value: (Int) -> Int,
            ) = Picture
                .of(
                    9,
                    12,
                    1,
                ) { row, column, _ -> value(row * 12 + column) }
                .writePng(folder / name)
            for (i in 0..4) write("cat/$i.png") { it + 10 * i }
            for (i in 0..2) write("elk/$i.png") { 255 - it * (i + 1) % 200 }
            write("elk/3.png") { it + 20 }
            write("elk/4.png") { 7 }
            (folder / "elk" / "notes.txt").writeText("none")
            val sheet = folder / "sheet.png"
            val ran =
                weft("data", "--data", "$folder", "--size", "8", "--sheet", "$sheet", "--json")
            ran.err shouldContain "to train on: 10 images of 8x8x1, 256 levels, 2 classes"
            ran.err shouldContain "class cat: 5 images"
            ran.err shouldContain "note: passed over, being no PNG"
            ran.err shouldContain "note: show one colour everywhere (1): elk/4.png"
            ran.err shouldContain "note: are copies of others (1): elk/3.png is cat/2.png"
            ran.exitCode shouldBe ExitCode.OK
            ran.json()["classes"]["elk"].asInt() shouldBe 5
            ran.json()["copies"].toString() shouldBe "[[8,2]]"
            ran.json()["lowest_level"].asInt() shouldBe 3
            sheet.exists() shouldBe true
        }

        "a set with parts has both said" {
            val ran =
                weft("data", "--data", "embedded", "--size", "12", "--limit", "30", "--levels", "4")
            ran.out shouldContain "to train on: 30 images of 12x12x1, 4 levels, 10 classes"
            ran.out shouldContain "to test on: 30 images"
            ran.out shouldContain "levels in use: 4 of 4, from 0 to 3"
            ran.exitCode shouldBe ExitCode.OK
        }

        "few levels that are spread evenly are fewer levels" {
            val folder = tempdir().toPath()

            fun write(greys: List<Int>) =
                (0..3).forEach { i ->
                    Picture
                        .of(4, 4, 1) { row, column, _ -> greys[(row * column + i) % greys.size] }
                        .writePng(folder / "$i.png")
                }
            write(listOf(0, 85, 170, 255))
            val even = weft("data", "--data", "$folder")
            even.out shouldContain
                "note: 4 of 256 levels are in use, spread evenly: give --levels 4"
            weft("data", "--data", "$folder", "--levels", "4").out shouldNotContain "spread evenly"
            write(listOf(0, 80, 170, 255))
            weft("data", "--data", "$folder").out shouldNotContain "spread evenly"
        }

        "what training refuses, this refuses" {
            val folder = tempdir().toPath()
            Picture.of(9, 12, 1) { _, _, _ -> 1 }.writePng(folder / "a.png")
            Picture.of(9, 13, 1) { _, _, _ -> 1 }.writePng(folder / "b.png")
            val ran = weft("data", "--data", "$folder")
            ran.exitCode shouldBe ExitCode.INPUT
            ran.err shouldContain "Give --size=N to bring all to one size"
        }
    })
