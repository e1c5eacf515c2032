package io.weft.samples.cli

import java.io.File
import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.moveTo
import kotlin.io.path.writeText

/**
 * Runs each command twice: here, and with the workers of a cluster. A program of its own, as Spark is
 * not on the class path of the tests; it leaves what came of each in a folder, for them to compare.
 */
internal object FleetCommands {
    /** What both read. */
    private const val DIGITS = "--data embedded --limit 40"

    private const val TINY = "--size 8 --levels 4 --maps 4 --blocks 1"

    private const val TRAIN = "train $DIGITS $TINY --classes 10 --validation 0.2 --batch 10"

    /** Commands in order, by name; each writes what is called `result`. */
    val COMMANDS =
        mapOf(
            "train" to "$TRAIN --micro-batch 4 --steps 4 --out result",
            "resume" to "$TRAIN --micro-batch 4 --steps 6 --resume --out result",
            "score" to "score --model-dir model $DIGITS --per-image result",
            "score-jvm" to "score --model-dir model $DIGITS --device jvm --per-image result",
            "score-all" to "score --model-dir model $DIGITS --all-labels --per-image result",
            "score-orders" to
                "score --model-dir any-order $DIGITS --orders 8 --per-image result",
            "score-pyramid" to "score --model-dir pyramid $DIGITS --per-image result",
            "sample" to
                "sample --model-dir model --count 7 --label 3,5 --executor jvm --npy result.npy",
            "compress" to "compress --model-dir model $DIGITS --block 16 --out result --verify",
            "anomalies" to "anomalies --detector detector --check good --per-image result",
        )

    private const val BENCH = "--classes 10 --batch 8 --rounds 1 --steps 1"

    private val RESULTS = listOf("result", "result.npy")

    /** Works in a folder that is empty, which is the current one. */
    @JvmStatic
    fun main(arguments: Array<String>) {
        val folder = Path(arguments.single())
        done("$TRAIN --steps 2 --out model")
        done("sample --model-dir model --count 60 --png-dir good")
        done("train $DIGITS $TINY --model multi-scale --steps 1 --out pyramid")
        done("train $DIGITS $TINY --model locally-masked --orders 8 --steps 1 --out any-order")
        done(
            "anomalies --good good $TINY --steps 2 --false-alarms 0.3 --check good --out detector",
        )
        for ((name, command) in COMMANDS) {
            for (place in listOf("here", "there")) {
                if (name == "resume") {
                    (folder / place / "train-result").toFile().copyRecursively(File("result"))
                }
                val spark = if (place == "there") " --spark local[2]" else ""
                keep((folder / place).createDirectories(), name, done("$command$spark --json"))
                for (result in RESULTS.map { folder / it }.filter(Path::exists)) {
                    result.moveTo(folder / place / "$name-result")
                }
            }
        }
        keep(folder, "stopped", stopped())
        keep(folder, "bench", done("bench train $TINY $BENCH --micro-batch 2 --spark local[2]"))
    }

    private fun done(command: String): Ran = weft(*command.split(' ').toTypedArray())

    private fun keep(
        folder: Path,
        name: String,
        ran: Ran,
    ) {
        (folder / "$name.code").writeText("${ran.exitCode}")
        (folder / "$name.out").writeText(ran.out)
        (folder / "$name.err").writeText(ran.err)
    }

    /** Ctrl-C comes with the first validation. */
    private fun stopped(): Ran {
        val endless = "$TRAIN --micro-batch 4 --epochs 500 --out result --spark local[2] --json"
        return weft(*endless.split(' ').toTypedArray(), err = Interrupting("train: validation"))
    }
}
