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
        /** Whether there is something to fine-tune: imported weights have no training behind them. */
        val isTrained: Boolean get() = reached.steps() > 0

        /** What an optimiser keeps of each weight, as the run before left it; null if it left none. */
        val kept: Set<String>? get() = reached.state().orElse(null)?.slots()?.keys

        fun model(device: Device): Model = Model.of(definition, reached, device)
    }

    /** What each of the models had come to. */
    val starts: List<Start>

    /** A model that draws by itself. */
    class One(
        val start: Start,
    ) : Beginning {
        override val starts get() = listOf(start)

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
        override val starts get() = listOf(small, large)

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
