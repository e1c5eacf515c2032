package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.extensions.system.withSystemProperty
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.io.File

/** Memory that is not there: a line that says how much, and which options need less. */
class NoMemorySpec :
    StringSpec({
        val folder = tempdir()
        val model = File(folder, "model").path
        val tiny = words("--data embedded --size 8 --levels 2 --blocks 1 --maps 4 --limit 8")

        beforeSpec { weft("train", *tiny, "--steps", "1", "--out", model).exitCode shouldBe 0 }

        fun refused(
            said: Regex,
            advised: String,
            ran: Ran,
        ) = withClue(ran) {
            ran.exitCode shouldBe ExitCode.FAILED
            val last =
                ran.err
                    .trimEnd()
                    .lines()
                    .last()
            last shouldContain said
            last shouldContain advised
            last shouldNotContain "Exception"
            last shouldNotContain STACKTRACE
            ApiTalk.inText(last).shouldBeEmpty()
        }

        fun refused(
            said: String,
            advised: String,
            ran: Ran,
        ) = refused(Regex.fromLiteral(said), advised, ran)

        fun onASmallMachine(vararg arguments: String) =
            withSystemProperty("weft.memory", "50000000") { weft(*arguments) }

        "training is refused before it begins" {
            refused(
                "a training step of 8 images needs about",
                "Give a smaller --batch, --maps, --blocks or --size.",
                onASmallMachine("train", *tiny, "--out", File(folder, "other").path),
            )
        }

        "so is scoring" {
            refused(
                "scoring of 1 image needs about 100 MB, and this machine has 48 MB",
                "Take a model that was trained with fewer --maps or --blocks",
                onASmallMachine("score", "--model-dir", model, "--data", "embedded"),
            )
        }

        "so is drawing on TensorFlow, and says where there may be room" {
            refused(
                "drawing on TensorFlow of 4 images needs about",
                "Give a smaller --batch. Or give --executor=jvm.",
                onASmallMachine(
                    *words("sample --executor tensorflow --count 4 --stream --model-dir"),
                    model,
                ),
            )
        }

        "drawing on the JVM takes nothing of it" {
            val ran = onASmallMachine(*words("sample --count 2 --stream --model-dir"), model)
            withClue(ran) { ran.exitCode shouldBe ExitCode.OK }
        }

        "Java's heap is another matter" {
            val ran =
                OwnProcess.run(
                    OwnProcess.words(
                        listOf("-Xmx30m"),
                        *words("sample --executor jvm --count 9000 --batch 9000 --npy x.npy"),
                        "--model-dir",
                        model,
                    ),
                    folder,
                )
            refused("Java", "WEFT_JAVA_OPTS=-Xmx4g", ran)
        }

        // The property says that there is room, and the system that there is none. Which tensor is the first
        // without room depends on the machine's threads; that it is one of the batch's 150 images does not.
        // Without oneDNN, which is for some processors only: its convolution goes on without the memory that it
        // has asked for, and ends the process. Only what is found beforehand helps there.
        "a tensor that TensorFlow finds no memory for".config(enabled = LINUX) {
            val train =
                OwnProcess.words(
                    listOf("-Dweft.memory=1000000000000"),
                    *words("train --data embedded --size 256 --levels 4 --limit 160 --batch 150"),
                    *words(
                        "--validation 0.05 --maps 64 --blocks 2 --embedding 0 --steps 2 --out x",
                    ),
                )
            refused(
                Regex(
                    """TensorFlow has no memory left for a tensor of \d\.\d GB \(150 x [\dx ]+ float""",
                ),
                "Give a smaller --batch, --maps, --blocks or --size.",
                OwnProcess.run(
                    listOf("sh", "-c", "$WITHOUT_ONEDNN $LIMITED", "sh") + train,
                    folder,
                ),
            )
        }

        "a limit on the process is known beforehand".config(enabled = LINUX) {
            val train =
                OwnProcess.words(
                    listOf(),
                    *words("train --data embedded --size 64 --levels 4 --limit 300 --batch 200"),
                    *words("--maps 64 --blocks 6 --steps 2 --out x"),
                )
            refused(
                "images needs about 23 GB, and this process (ulimit -v) has 3.8 GB",
                "Give a smaller --batch",
                OwnProcess.run(listOf("sh", "-c", LIMITED, "sh") + train, folder),
            )
        }
    }) {
    private companion object {
        val LINUX = File("/proc/self/limits").exists()

        const val WITHOUT_ONEDNN = "export TF_ENABLE_ONEDNN_OPTS=0;"
        const val LIMITED = "ulimit -v 4000000; exec \"\$@\""

        fun words(line: String) = line.split(' ').toTypedArray()
    }
}
