package io.weft.samples.cli

import io.weft.train.TrainingException
import java.nio.file.Path
import kotlin.io.path.exists

/** What `train` does alike with a model and with a pyramid: go on with one, and leave one. */
internal object SavedTraining {
    /** Loads from [out] what `--resume` goes on with, if it is what the options declare. */
    fun <M : AutoCloseable> resumed(
        out: Path,
        load: (Path) -> M,
        isDeclared: (M) -> Boolean,
    ): M {
        if (!out.exists()) throw InputException("--resume: there is no model in $out; leave it out")
        val model = load(out)
        if (!isDeclared(model)) {
            model.close()
            throw InputException(
                "--resume: the model in $out is not the one that the options declare; give the" +
                    " options that it was trained with",
            )
        }
        return model
    }

    /** Checks whether a run can be gone on with; what speaks against it is said of `--resume`. */
    fun <T> checkResumable(check: () -> T): T =
        try {
            check()
        } catch (e: IllegalArgumentException) {
            throw InputException("--resume: ${e.message}", e)
        } catch (e: IllegalStateException) {
            throw InputException("--resume: ${e.message}", e)
        }

    /** Trains, and says of training that fails what becomes of [out]. */
    fun run(
        console: Console,
        out: Path,
        train: () -> TrainingResult,
    ): TrainingResult =
        try {
            train()
        } catch (e: TrainingException) {
            console.note(if (out.exists()) "what is in $out stays as it is" else "nothing is saved")
            throw e
        }
}
