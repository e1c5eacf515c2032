package io.weft.samples.cli

import io.weft.Model
import io.weft.train.TrainingEvent
import io.weft.train.TrainingListener
import io.weft.watch.HistoryRecorder
import io.weft.watch.LossCurves
import io.weft.watch.SampleSheet
import io.weft.watch.SheetFolder
import io.weft.watch.TensorBoard
import io.weft.watch.TrainingHistory
import picocli.CommandLine.Option
import java.nio.file.Path

/** What a training run leaves to be looked at, besides the model. */
internal class WatchOptions {
    @Option(
        names = ["--tensorboard"],
        paramLabel = "DIR",
        description = [
            "Write an event file for TensorBoard here: losses, rates, a histogram of" +
                " log-likelihoods, a sheet of samples after each validation.",
        ],
    )
    private var tensorBoard: Path? = null

    @Option(
        names = ["--history"],
        paramLabel = "FILE",
        description = [
            "Write losses, rates and times to this .csv or .json file. Can be given twice.",
        ],
    )
    private var histories: List<Path> = listOf()

    @Option(
        names = ["--curves"],
        paramLabel = "FILE",
        description = ["Draw the loss curves to this PNG file."],
    )
    private var curves: Path? = null

    @Option(
        names = ["--sheets"],
        paramLabel = "DIR",
        description = ["Write a sheet of samples here after each validation, from the same noise."],
    )
    private var sheets: Path? = null

    /** Looks at the options before any file is read. */
    fun check(misuse: (String) -> Nothing) {
        try {
            histories.forEach { TrainingHistory.checkName(it) }
        } catch (e: IllegalArgumentException) {
            misuse("--history=${e.message}")
        }
        curves?.let {
            if (!it.toString().endsWith(".png", ignoreCase = true)) {
                misuse("--curves=$it; expected the name of a .png file")
            }
        }
    }

    /** Begins to watch a run of [steps] steps. */
    fun begin(
        model: Model,
        batch: Int,
        steps: Long,
    ): Watching {
        val every = (steps / MOST_POINTS + 1).toInt()
        val sheet = SampleSheet.of(model, SHEET_IMAGES, SHEET_SEED)
        val board = tensorBoard?.let { TensorBoard.of(it, every, sheet) }
        val folder = sheets?.let { SheetFolder(it, sheet) }
        val recorder = HistoryRecorder(batch, every)
        return Watching(listOfNotNull(recorder, folder, board), board) { title ->
            histories.forEach { recorder.history().write(it) }
            histories +
                listOfNotNull(
                    curves?.also { LossCurves.of(recorder.history(), title).writePng(it) },
                    sheets,
                    board?.file(),
                )
        }
    }

    private companion object {
        const val MOST_POINTS = 1_000L
        const val SHEET_IMAGES = 40
        const val SHEET_SEED = 7L
    }
}

/** A run that is being watched. */
internal class Watching(
    private val listeners: List<TrainingListener>,
    private val board: TensorBoard?,
    private val write: (title: String) -> List<Path>,
) : AutoCloseable {
    fun on(event: TrainingEvent) = listeners.forEach { it.on(event) }

    /** Writes what is written at the end, and returns all that there is to look at. */
    fun finish(title: String): List<Path> {
        board?.close()
        return write(title)
    }

    override fun close() {
        board?.close()
    }
}
