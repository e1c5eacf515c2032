package io.weft.samples.cli

import io.weft.Model
import io.weft.pyramid.MultiScaleFolder
import io.weft.pyramid.MultiScaleModel
import io.weft.spec.Condition
import io.weft.spec.ImageSpec
import java.nio.file.Path

/** What `train` has saved: a model, or two as one. */
internal sealed interface Saved : AutoCloseable {
    /** The images that are drawn in the end. */
    val image: ImageSpec

    /** What they are conditioned on. */
    val conditions: List<Condition>

    /** A single model. */
    class One(
        val model: Model,
    ) : Saved {
        override val image: ImageSpec = model.definition().image()
        override val conditions: List<Condition> = model.definition().conditions()

        override fun close() = model.close()
    }

    /** A small image's model and a large one's. */
    class Pyramid(
        val model: MultiScaleModel,
    ) : Saved {
        override val image: ImageSpec = model.definition().image()
        override val conditions: List<Condition> = model.definition().conditions()

        override fun close() = model.close()
    }

    companion object {
        /** Loads what is in a folder. */
        fun load(folder: Path): Saved =
            if (MultiScaleFolder.isAt(folder)) {
                Pyramid(SavedModels.loadPyramid(folder))
            } else {
                One(SavedModels.load(folder))
            }
    }
}
