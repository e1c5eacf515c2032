package io.weft.samples.cli

import io.weft.ImageModel
import io.weft.Model
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.pyramid.MultiScaleFolder
import io.weft.pyramid.MultiScaleModel
import java.nio.file.Path

/** What `train` has saved: a model, or two as one. */
internal sealed interface Saved : AutoCloseable {
    /** What either can. */
    val model: ImageModel

    /** The definition, or of a pyramid those of its parts by their names. */
    fun definitions(): Map<String?, Definition>

    override fun close() = model.close()

    /** A single model. */
    class One(
        override val model: Model,
    ) : Saved {
        override fun definitions(): Map<String?, Definition> = mapOf(null to model.definition())
    }

    /** A small image's model and a large one's. */
    class Pyramid(
        override val model: MultiScaleModel,
    ) : Saved {
        override fun definitions(): Map<String?, Definition> =
            model.definition().definitions().mapKeys { it.key.word }
    }

    companion object {
        /** Opens what is in several places, works with it, and closes all that was opened. */
        fun <T> using(
            sources: List<ModelSource>,
            device: Device,
            work: (List<Saved>) -> T,
        ): T {
            val opened = mutableListOf<Saved>()
            try {
                sources.forEach { opened += it.open(device) }
                return work(opened)
            } finally {
                opened.forEach { it.close() }
            }
        }

        /** Loads what is in a folder or a zip. */
        fun load(
            place: Path,
            device: Device,
        ): Saved =
            if (MultiScaleFolder.isAt(place)) {
                Pyramid(SavedModels.loadPyramid(place, device))
            } else {
                One(SavedModels.load(place, ModelSource.OPTION, device))
            }
    }
}
