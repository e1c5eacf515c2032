package io.weft.samples.cli

import io.weft.image.Picture
import io.weft.train.TrainingEvent
import io.weft.train.TrainingListener
import io.weft.watch.HistoryWriter
import io.weft.watch.SampleSheet
import io.weft.watch.SheetFolder
import io.weft.watch.TensorBoard
import io.weft.watch.TrainingHistory
import picocli.CommandLine.Option
import java.nio.file.Path
import java.util.function.Supplier

/** What a training run leaves to be looked at, besides the model. */
internal class WatchOptions {
    @Option(
        names = ["--tensorboard"],
        paramLabel = "DIR",
        description = [
            "Write an event file for TensorBoard here: losses, rates, a histogram of" +
                " log-likelihoods, a sheet of samples after each validation. Of" +
                " multi-scale one in DIR/small, and one in DIR/large.",
        ],
    )
    private var tensorBoard: Path? = null

    @Option(
        names = ["--history"],
        paramLabel = "FILE",
        converter = [OutputFile::class],
        description = [
            "Write losses, rates and times to this .csv or .json file; with --resume, go on with" +
                " it. Can be given twice. Of multi-scale there are two: run.csv becomes" +
                " run-small.csv and run-large.csv, and --curves likewise.",
        ],
    )
    private var histories: List<Path> = listOf()

    @Option(
        names = ["--curves"],
        paramLabel = "FILE",
        converter = [OutputFile::class],
        description = ["Draw the loss curves to this PNG file."],
    )
    private var curves: Path? = null

    @Option(
        names = ["--sheets"],
        paramLabel = "DIR",
        description = [
            "Write a sheet of samples here after each validation, from the same noise. Of" +
                " multi-scale in DIR/small and DIR/large.",
        ],
    )
    private var sheets: Path? = null

    @Option(
        names = ["--sheet-count"],
        paramLabel = "N",
        description = [
            "Images of a sheet, here and for TensorBoard: every class in turn (default" +
                " \${DEFAULT-VALUE}).",
        ],
    )
    private var sheetCount = 40

    /** Looks at the options before any file is read. */
    fun check(misuse: (String) -> Nothing) {
        if (sheetCount < 1) misuse("--sheet-count=$sheetCount; expected 1 or more")
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

    /**
     * Begins to watch a run of [steps] steps. What cannot be written is found here, before training.
     *
     * @param name what is trained, above its curves
     * @param part of several that are watched one after the other: files have it in their names,
     *   folders have a folder for it
     * @param sheet makes a sheet of so many samples from a seed
     */
    fun begin(
        name: String,
        steps: Long,
        part: String? = null,
        sheet: (Int, Long) -> SampleSheet,
    ): Watching {
        val every = (steps / MOST_POINTS + 1).coerceAtMost(MOST_STEPS).toInt()
        val samples by lazy { OncePerEvent(sheet(sheetCount, SHEET_SEED)) }
        val board = tensorBoard?.let { TensorBoard.of(it.folderOf(part), every, samples) }
        val shown = sheets?.let { it.folderOf(part) }
        val folder = shown?.let { SheetFolder(it, samples) }
        val numbers = (histories + listOfNotNull(curves)).map { it.fileOf(part) }
        val history = HistoryWriter.to(name, every, numbers)
        return Watching(
            listOfNotNull(
                if (folder == null && board == null) null else samples,
                history,
                folder,
                board,
            ),
            numbers + listOfNotNull(shown, board?.file()),
        )
    }

    /** A sheet that two may ask for at an event, and is drawn for the first of them alone. */
    private class OncePerEvent(
        private val sheet: SampleSheet,
    ) : Supplier<Picture>,
        TrainingListener {
        private var drawn: Picture? = null

        override fun on(event: TrainingEvent) {
            drawn = null
        }

        override fun get(): Picture = drawn ?: sheet.get().also { drawn = it }
    }

    private companion object {
        const val MOST_POINTS = 1_000L

        /** Of a run that is to go on until it is stopped there are points all the same. */
        const val MOST_STEPS = 1_000L
        const val SHEET_SEED = 7L
    }
}

/**
 * A run that is being watched.
 *
 * @property listeners who watch it
 * @property files what there is to look at, once it has begun
 */
internal class Watching(
    val listeners: List<TrainingListener>,
    val files: List<Path>,
)
