package io.weft.samples.cli

import io.weft.Model
import io.weft.define.Definition
import io.weft.engine.Device
import io.weft.pyramid.MultiScale
import io.weft.pyramid.MultiScaleModel

/** What a saved model had come to, from which others are trained on. */
internal sealed interface Beginning {
    /** That of one model. */
    class Start(
        val definition: Definition,
        private val reached: Model.Snapshot,
    ) {
        fun model(device: Device): Model = Model.of(definition, reached, device)
    }

    /** A model that draws by itself. */
    class One(
        val start: Start,
    ) : Beginning {
        companion object {
            fun of(source: ModelSource): One = One(source.load("--from").use(::start))
        }
    }

    /** Two that draw in turn. */
    class Pyramid(
        val definition: MultiScale,
        private val small: Start,
        private val large: Start,
    ) : Beginning {
        fun model(device: Device): MultiScaleModel =
            MultiScaleModel.of(
                small.model(device),
                large.model(device),
                definition.condition(),
                definition.scale(),
            )

        companion object {
            fun of(source: ModelSource): Pyramid =
                source.loadPyramid().use {
                    Pyramid(it.definition(), start(it.small()), start(it.large()))
                }
        }
    }

    private companion object {
        fun start(model: Model) = Start(model.definition(), model.snapshot())
    }
}
