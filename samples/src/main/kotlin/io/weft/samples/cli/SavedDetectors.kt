package io.weft.samples.cli

import io.weft.anomaly.AnomalyDetector
import io.weft.engine.Device
import io.weft.json.LayerCatalog
import java.nio.file.Files
import java.nio.file.Path

/** Detectors on disk, with the command line's errors. */
internal object SavedDetectors {
    /** Loads what `--detector` names. */
    fun load(
        folder: Path,
        device: Device,
    ): AnomalyDetector {
        checkThere(folder)
        return readingInput { AnomalyDetector.load(folder, LayerCatalog.standard(), device) }
    }

    /** Opens several, works with them, and closes all that was opened. */
    fun <T> using(
        folders: List<Path>,
        device: Device,
        work: (List<AnomalyDetector>) -> T,
    ): T {
        val opened = mutableListOf<AnomalyDetector>()
        try {
            folders.forEach { opened += load(it, device) }
            return work(opened)
        } finally {
            opened.forEach { it.close() }
        }
    }

    private fun checkThere(folder: Path) {
        if (!Files.exists(folder)) {
            throw InputException("--detector=$folder does not exist; give what --out saved")
        }
    }
}
