package io.weft.samples.cli

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.spec.ImageSpec
import picocli.CommandLine
import java.io.File
import java.io.PrintWriter
import java.io.StringWriter

/** Where images are written one by one, or as one array. */
class ImageOutputsSpec :
    StringSpec({
        val image = ImageSpec(2, 2, 1, 4)
        val console = PrintWriter(StringWriter()).let { Console(it, it, false) }

        fun refused(message: String): Nothing = throw IllegalArgumentException(message)

        "what an earlier run left of images that were not finished is removed" {
            val into = tempdir()
            val outputs =
                CommandLine.populateCommand(ImageOutputs(), "--png-dir", into.path)
            val four = List(4) { IntArray(4) { 1 } }
            outputs.write(four, 4, image, console)
            File(into, ".hidden").writeText("x")
            outputs.write(four.take(1), 3, image, console)
            into.list()!!.sorted() shouldBe listOf(".hidden", "00000.png", "00003.png")
        }

        "more than an array has is refused before it is drawn" {
            val outputs = CommandLine.populateCommand(ImageOutputs(), "--npy", "all.npy")
            outputs.checkSize(image, 1_000_000, ::refused)
            shouldThrow<IllegalArgumentException> {
                outputs.checkSize(ImageSpec(256, 256, 3, 256), 20_000, ::refused)
            }.message shouldContain "more than 2147483639; give --png-dir, or take fewer"
        }
    })
