package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.io.File

/** Whatever is wrong is said in a line or two, with an exit code that tells whose fault it is. */
class BadInputSpec :
    StringSpec({
        val folder = tempdir()
        val out = File(folder, "out").path
        val noise = File(folder, "noise.bin").apply { writeBytes(ByteArray(100) { 7 }) }.path
        val empty = File(folder, "empty").apply { mkdir() }.path

        fun refused(
            code: Int,
            words: String,
            vararg arguments: String,
        ) = "weft ${arguments.joinToString(" ").replace(folder.path, "FOLDER")} ends with $code" {
            val ran = weft(*arguments)
            withClue(ran) {
                ran.exitCode shouldBe code
                ran.out shouldBe ""
                ran.err shouldContain words
                ran.err shouldNotContain "\tat "
                ApiTalk.inText(ran.err.replace(folder.path, "")).shouldBeEmpty()
                ran.err
                    .trimEnd()
                    .lines()
                    .size shouldBeLessThanOrEqual 2
            }
        }

        fun train(vararg more: String) = arrayOf("train", "--data", "embedded", "--out", out, *more)

        refused(ExitCode.USAGE, "--data", "train")
        refused(ExitCode.USAGE, "frob", "frob")
        refused(ExitCode.USAGE, "bench sample or bench compress", "bench")
        refused(ExitCode.USAGE, "2 to 65536", *train("--levels", "1"))
        refused(ExitCode.USAGE, "2 to 65536", *train("--levels", "65537"))
        refused(ExitCode.USAGE, "--micro-batch=0; expected 1", *train("--micro-batch", "0"))
        refused(ExitCode.INPUT, "--from=$out-none does not exist", *train("--from", "$out-none"))
        refused(ExitCode.USAGE, "locally-masked, pixelcnnpp", *train("--model", "lstm"))
        refused(ExitCode.USAGE, "mutually exclusive", *train("--epochs", "1", "--steps", "2"))
        refused(
            ExitCode.USAGE,
            "mutually exclusive",
            *train("--validation", "0.1", "--test-data", "x"),
        )
        refused(ExitCode.USAGE, "odd", *train("--kernel", "4"))
        refused(ExitCode.USAGE, "--maps=0", *train("--maps", "0"))
        refused(ExitCode.USAGE, "--blocks=0", *train("--blocks", "0"))
        refused(
            ExitCode.USAGE,
            "have no kernel",
            *train("--model", "diagonal-bilstm", "--kernel", "3"),
        )
        refused(ExitCode.USAGE, "pixelcnnpp", *train("--components", "5"))
        refused(ExitCode.USAGE, "--from=MODEL", *train("--keep-optimiser"))
        refused(ExitCode.USAGE, "plateau[:N[:FACTOR]]", *train("--schedule", "stairs"))
        refused(ExitCode.USAGE, "exponential:FACTOR", *train("--schedule", "exponential"))
        mapOf(
            "cosine:2" to "floor in [0, 1]",
            "plateau:2:7" to "a factor in (0, 1)",
            "plateau:2.5" to "a whole number",
            "exponential:NaN" to "factor is above 0",
            "exponential:0" to "factor is above 0",
            "one-cycle:1" to "a rising share in (0, 1)",
        ).forEach { (schedule, words) ->
            refused(ExitCode.USAGE, "'--schedule'", *train("--schedule", schedule))
            refused(ExitCode.USAGE, words, *train("--schedule", schedule))
        }
        refused(ExitCode.USAGE, "--early-stop=N", *train("--least-gain", "0.1"))
        refused(
            ExitCode.USAGE,
            "leave --maps out",
            *train("--from", "builtin:digits", "--maps", "8"),
        )
        refused(
            ExitCode.USAGE,
            "--keep-optimiser: builtin:digits has weights alone",
            *train("--from", "builtin:digits", "--keep-optimiser"),
        )
        refused(
            ExitCode.USAGE,
            "leave --kernel, --size out",
            *arrayOf("explain", "--model-dir", "builtin:digits", "--size", "64", "--kernel", "5"),
        )
        refused(
            ExitCode.USAGE,
            "--definition=$noise has a network of its own; leave --maps, --levels out",
            *arrayOf("bench", "sample", "--definition", noise, "--levels", "4", "--maps", "8"),
        )
        refused(
            ExitCode.USAGE,
            "--order=raster and --score",
            *arrayOf("complete", "--model-dir", "builtin:digits", "--data", "embedded"),
            *arrayOf("--index", "1", "--half", "top", "--order", "raster", "--score"),
        )
        for (option in listOf("--per-image", "--sheet")) {
            val score =
                arrayOf("score", "--model-dir", "builtin:digits", "--data", "embedded", option)
            refused(ExitCode.USAGE, "$option=$empty is a folder; name a file", *score, empty)
            refused(ExitCode.USAGE, "$noise, which is no folder", *score, "$noise/a/b.csv")
        }
        refused(ExitCode.USAGE, "is a folder", *train("--history", "$empty"))
        refused(
            ExitCode.USAGE,
            "give --size=N too",
            *arrayOf("data", "--data", empty, "--fit", "pad"),
        )
        refused(
            ExitCode.USAGE,
            "--components=0",
            *train("--model", "pixelcnnpp", "--components", "0"),
        )
        refused(ExitCode.USAGE, "--dropout=1", *train("--model", "pixelcnnpp", "--dropout", "1"))
        refused(ExitCode.USAGE, "--classes=0", *train("--classes", "0"))
        refused(ExitCode.USAGE, "--limit=0", *train("--limit", "0"))
        refused(ExitCode.USAGE, "batch", *train("--batch", "0"))
        refused(ExitCode.USAGE, "steps", *train("--steps", "0"))
        refused(ExitCode.USAGE, "learning rate", *train("--rate", "-1"))
        refused(ExitCode.USAGE, "clip norm", *train("--clip", "-1"))
        refused(ExitCode.USAGE, "Polyak", *train("--polyak", "1"))
        refused(ExitCode.USAGE, "--validation=2", *train("--validation", "2"))
        refused(ExitCode.USAGE, "float32, bfloat16", *train("--precision", "float16"))
        refused(ExitCode.USAGE, "int", *train("--batch", "many"))
        refused(ExitCode.USAGE, "expected 32, or 24x32", *train("--size", "big"))
        refused(ExitCode.USAGE, "expected 1 to 4096", *train("--size", "0"))
        refused(ExitCode.USAGE, "embedded digits are square", *train("--size", "8x9"))
        refused(ExitCode.USAGE, "--colours is for pictures", *train("--colours", "grey"))
        refused(ExitCode.USAGE, "GREY, RGB", *train("--colours", "pink"))
        refused(ExitCode.USAGE, "--fit=pad is for pictures", *train("--fit", "pad"))
        refused(ExitCode.USAGE, "centre, random, pad or stretch", *train("--fit", "crop"))
        refused(ExitCode.USAGE, "expected RRGGBB or alpha", *train("--ground", "white"))
        refused(ExitCode.USAGE, "full, exact, or a range", *train("--values", "half"))
        refused(ExitCode.USAGE, "LOW below HIGH", *train("--values", "9..5"))
        refused(
            ExitCode.USAGE,
            "give --size=N too",
            *arrayOf("train", "--data", empty, "--out", out, "--fit"),
        )
        refused(ExitCode.USAGE, "is a file", "train", "--data", "embedded", "--out", noise)
        refused(
            ExitCode.INPUT,
            "10 classes",
            *train("--classes", "3", "--limit", "30", "--size", "8"),
        )
        refused(ExitCode.INPUT, "no model", "train", "--data", "embedded", "--out", folder.path)
        refused(ExitCode.INPUT, "8 to 512", *train("--size", "3"))
        refused(ExitCode.INPUT, "does not exist", "train", "--data", "$empty/no", "--out", out)
        refused(ExitCode.INPUT, noise, "train", "--data", noise, "--out", out)
        refused(ExitCode.INPUT, empty, "train", "--data", empty, "--out", out)
        refused(ExitCode.INPUT, "does not exist", "score", "--model-dir", out, "--data", "embedded")
        refused(ExitCode.INPUT, empty, "score", "--model-dir", empty, "--data", "embedded")
        refused(
            ExitCode.USAGE,
            "TEST, TRAIN",
            "score",
            "--model-dir",
            out,
            "--data",
            "x",
            "--part",
            "y",
        )
        refused(ExitCode.USAGE, "--stream", "sample", "--model-dir", empty)
        refused(
            ExitCode.USAGE,
            "--count=0",
            "sample",
            "--model-dir",
            empty,
            "--stream",
            "--count",
            "0",
        )
        refused(
            ExitCode.USAGE,
            "--scale=0",
            "sample",
            "--model-dir",
            empty,
            "--stream",
            "--scale",
            "0",
        )
        refused(
            ExitCode.USAGE,
            "--temperature=0",
            "sample",
            "--model-dir",
            empty,
            "--stream",
            "--temperature",
            "0",
        )
        refused(ExitCode.INPUT, empty, "sample", "--model-dir", empty, "--stream")

        fun complete(vararg more: String) = arrayOf("complete", "--model-dir", empty, *more)
        val torn = arrayOf("--image", noise, "--half", "top")
        refused(ExitCode.USAGE, "--image", *complete("--half", "top", "--stream"))
        refused(ExitCode.USAGE, "--mask", *complete("--image", noise, "--stream"))
        refused(
            ExitCode.USAGE,
            "mutually exclusive",
            *complete(*torn, "--hole", "1,1,2,2", "--stream"),
        )
        refused(ExitCode.USAGE, "mutually exclusive", *complete(*torn, "--data", "x", "--stream"))
        refused(ExitCode.USAGE, "--stream", *complete(*torn))
        refused(ExitCode.USAGE, "--count=0", *complete(*torn, "--stream", "--count", "0"))
        refused(
            ExitCode.USAGE,
            "TOP, BOTTOM, LEFT, RIGHT",
            *complete("--image", noise, "--half", "middle", "--stream"),
        )
        refused(
            ExitCode.USAGE,
            "numbered from 0",
            *complete("--data", noise, "--index", "-1", "--half", "top", "--stream"),
        )
        refused(ExitCode.INPUT, empty, *complete(*torn, "--stream"))
        refused(ExitCode.INPUT, "not JSON", "explain", "--definition", noise)
        refused(ExitCode.INPUT, "does not exist", "explain", "--definition", "$empty/no.json")
        refused(ExitCode.USAGE, "channels", "explain", "--channels", "9")
        refused(
            ExitCode.USAGE,
            "is a file",
            "explain",
            "--size",
            "8",
            "--blocks",
            "1",
            "--out",
            noise,
        )
        refused(ExitCode.USAGE, "--steps=0", "demo", "--steps", "0")
        refused(ExitCode.USAGE, "--rounds=0", "bench", "train", "--rounds", "0")
        refused(ExitCode.USAGE, "float32, bfloat16", "bench", "train", "--precision", "half")
        refused(ExitCode.USAGE, "--batches=0", "bench", "sample", "--batches", "1,0")
        refused(ExitCode.USAGE, "executors are", "bench", "sample", "--executors", "cuda")
        refused(ExitCode.USAGE, "--batches=0", "bench", "compress", "--batches", "0")
        refused(ExitCode.USAGE, "found 257", "bench", "compress", "--block", "257")

        "--stacktrace shows where" {
            weft("train", "--data", "$empty/no", "--out", out, "--stacktrace").err shouldContain
                "\tat io.weft"
        }
    })
