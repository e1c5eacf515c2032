package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import java.io.File

/** Grey data are trained on and scored as one asks, and what is scored says how it was made. */
class BinariseSpec :
    StringSpec({
        val folder = tempdir()
        val data = arrayOf("--data", "embedded", "--size", "8", "--limit", "40")
        val small = arrayOf("--blocks", "1", "--maps", "4", "--seed", "3")

        fun train(
            name: String,
            vararg more: String,
        ) = weft("train", *data, *small, "--json", "--out", File(folder, name).path, *more).also {
            withClue(it) { it.exitCode shouldBe ExitCode.OK }
        }

        fun score(
            name: String,
            vararg more: String,
        ) = weft(
            *arrayOf("score", "--model-dir", File(folder, name).path, "--data", "embedded"),
            *arrayOf("--limit", "20", "--json", *more),
        ).also { withClue(it) { it.exitCode shouldBe ExitCode.OK } }.json()

        "training on new draws says so, and can be resumed" {
            val augment = arrayOf("--augment", "shift:2", "--epochs")
            val dynamic = arrayOf("--binarise", "dynamic", "--binarise-seed", "7", *augment)
            val ran = train("whole", *dynamic, "4")
            ran.err shouldContain "images are binarised by drawing anew at every visit, seed 7"
            ran.json()["images_are"].map { it.asText() }.shouldContainExactly(
                "shifted by up to 2 pixels on level 0, seed 3",
                "binarised by drawing anew at every visit, seed 7",
            )
            train("halves", *dynamic, "2")
            train("halves", *dynamic, "4", "--resume")
            val scored = score("whole", "--binarise", "static")
            score("halves", "--binarise", "static")["nats_per_image"] shouldBe
                scored["nats_per_image"]
            val others =
                weft(
                    *arrayOf("train", *data, *small, "--binarise", "dynamic", *augment, "5"),
                    *arrayOf("--out", File(folder, "halves").path, "--resume"),
                )
            others.exitCode shouldBe ExitCode.INPUT
            others.err shouldContain "binarised by drawing anew at every visit, seed 0"
        }

        "a score names its draw" {
            train("static", "--binarise", "static")
            val one = score("static", "--binarise", "static")
            one["images_are"].asText() shouldBe "binarised by drawing once, seed 0"
            val other = score("static", "--binarise", "static", "--binarise-seed", "1")
            other["nats_per_image"] shouldNotBe one["nats_per_image"]
            val rounded = score("static", "--binarise", "threshold")
            rounded["images_are"].asText() shouldBe "binarised at half of the levels"
            rounded["nats_per_image"] shouldBe score("static")["nats_per_image"]
        }

        "a model of other levels refuses binary images" {
            train("four", "--levels", "4", "--steps", "1")
            val four = File(folder, "four").path
            val refused =
                weft("score", "--model-dir", four, "--data", "embedded", "--binarise", "static")
            refused.exitCode shouldBe ExitCode.USAGE
            refused.err shouldContain
                "--binarise makes images of 2 levels, but the model is for 4"
        }

        "what does not go together is refused" {
            fun misused(vararg more: String) =
                weft("train", *data, "--out", File(folder, "none").path, *more).let {
                    withClue(it) { it.exitCode shouldBe ExitCode.USAGE }
                    it.err
                }
            misused("--binarise", "round") shouldContain
                "found 'round'; expected one of threshold, static, dynamic"
            misused("--binarise-seed", "1") shouldContain "--binarise-seed is for --binarise"
            misused("--binarise", "static", "--levels", "4") shouldContain
                "--binarise makes images of 2 levels, but --levels=4; leave it out"
            misused("--augment", "shift:0") shouldContain "shift:N with N of 1 or more"
        }
    })
