package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.exchange.Tensor
import io.weft.exchange.TensorFile
import io.weft.layer.CausalConvolution
import io.weft.layer.MaskType
import io.weft.layer.Pointwise
import io.weft.spec.ImageSpec
import java.nio.file.Path
import kotlin.io.path.writeText

/** Weights out to other programs, and in from them. */
class ImportSpec :
    StringSpec({
        val folder = tempdir().toPath()
        val model = "${folder.resolve("model")}"

        fun done(vararg arguments: String): Ran {
            val ran = weft(*arguments)
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
            return ran
        }

        fun refused(vararg arguments: String): String {
            val ran = weft(*arguments)
            withClue(ran) { ran.exitCode shouldBe ExitCode.INPUT }
            return ran.err
        }

        fun scored(model: String) =
            done("score", "--model-dir", model, "--data", "embedded", "--limit", "9", "--json")
                .json()["bits_per_dim"]
        val tiny = "--size 8 --levels 2 --limit 40 --maps 6 --blocks 1 --steps 1".split(' ')
        done("train", "--data", "embedded", *tiny.toTypedArray(), "--out", model)
        val other = "${folder.resolve("other")}"
        done(
            "train",
            "--data",
            "embedded",
            *tiny.toTypedArray(),
            "--seed",
            "2",
            "--out",
            other,
        )

        "weights that are exported are taken in again: the same model" {
            listOf("w.safetensors", "w.npz").map { "${folder.resolve(it)}" }.forAll { file ->
                done("export", "--model-dir", model, "--out", file)
                val again = "$file-again"
                val ran =
                    done(
                        "import",
                        "--model-dir",
                        other,
                        "--weights",
                        file,
                        "--out",
                        again,
                        "--json",
                    )
                val parameters = ran.json()["parameters"].asInt()
                ran.json()["arrays"].asInt() shouldBe parameters
                scored(again) shouldBe scored(model)
                val more = "--data embedded --size 8 --levels 2 --limit 40 --steps 2".split(' ')
                done("train", "--from", again, *more.toTypedArray(), "--out", "$file-trained")
                Model.load(Path.of(again)).use { it.history().size shouldBe 0 }
            }
        }

        "what a training kept is gone on with under a schedule that follows validation" {
            val more =
                "--data embedded --size 8 --levels 2 --limit 40 --steps 2 --validation 0.2"
                    .split(' ')
                    .toTypedArray()
            val kept = arrayOf("--from", model, "--keep-optimiser", "--schedule", "plateau")
            done("train", *kept, *more, "--out", "${folder.resolve("kept")}")
        }

        fun networkOfTorch(): String {
            val definition =
                io.weft.define.ModelBuilder.of("small", ImageSpec(4, 4, 1, 2)).let {
                    it.softmax(
                        it
                            .image()
                            .apply("first", CausalConvolution.square(2, 3, MaskType.A))
                            .apply("out", Pointwise.of(2)),
                    )
                }
            val declared = folder.resolve("declared")
            Model.initial(definition, 1).use { it.save(declared) }

            fun ones(vararg sizes: Int) =
                Tensor.of(
                    sizes.toList(),
                    *FloatArray(sizes.reduce(Int::times)) {
                        1f
                    },
                )
            TensorFile.writeSafetensors(
                folder.resolve("torch.safetensors"),
                linkedMapOf(
                    "a.weight" to ones(2, 1, 3, 3),
                    "a.bias" to ones(2),
                    "b.weight" to ones(2, 2, 1, 1),
                    "b.bias" to ones(2),
                    "unused.weight" to ones(7),
                ),
            )
            return "$declared"
        }

        "a network of PyTorch comes in by a mapping" {
            val declared = networkOfTorch()
            val file = "${folder.resolve("torch.safetensors")}"
            val listed = done("import", "--model-dir", declared, "--weights", file, "--list").out
            listed shouldContain "  first/kernel [4, 1, 2]\n"
            listed shouldContain "  a.weight [2, 1, 3, 3] F32\n"
            val mapping = folder.resolve("map.txt")
            mapping.writeText("first = torch(a)\nout = torch(b)\n")
            val out = "${folder.resolve("imported")}"
            val command =
                arrayOf("import", "--model-dir", declared, "--weights", file, "--out", out)
            refused(*command) shouldContain
                "no weights for 4 of 4 parameters: first/kernel [4, 1, 2]"
            refused(*command, "--mapping", "$mapping") shouldContain
                "1 arrays of $file that nothing takes or leaves out: unused.weight [7]"
            mapping.writeText("first = torch(a)\nout = torch(b)\nleave out unused.*\n")
            val ran = done(*command, "--mapping", "$mapping")
            ran.out shouldContain "left out: unused.weight"
            ran.out shouldContain "first/kernel: 10 numbers of its kernel are masked"
            Model.load(Path.of(out)).use { imported ->
                imported.weights().names().forEach { name ->
                    imported.weights().values(name).toSet() shouldBe setOf(1f)
                }
            }
        }

        "what cannot be meant is refused" {
            val file = "${folder.resolve("w.npz")}"
            val onto = weft("import", "--model-dir", model, "--weights", file, "--out", model)
            onto.exitCode shouldBe ExitCode.USAGE
            onto.err shouldContain "is the model itself"
            val none = weft("import", "--model-dir", model, "--weights", file)
            none.exitCode shouldBe ExitCode.USAGE
            refused(
                "import",
                "--model-dir",
                model,
                "--weights",
                "$file-not",
                "--list",
            ) shouldContain
                "no such file"
            val mapping = folder.resolve("bad.txt").apply { writeText("\nfirst torch(a)\n") }
            refused(
                "import",
                "--model-dir",
                other,
                "--weights",
                file,
                "--mapping",
                "$mapping",
                "--out",
                "$model-new",
            ) shouldContain "line 2"
        }
    })
