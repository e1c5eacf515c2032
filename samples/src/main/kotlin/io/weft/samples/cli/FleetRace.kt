package io.weft.samples.cli

import io.weft.Model
import io.weft.data.Examples
import io.weft.define.Definition
import io.weft.spark.Fleet
import io.weft.spark.StepCost
import io.weft.train.StepTime
import io.weft.train.TrainingOptions

/** Training on the workers of a cluster, and in turns with them in this process, in the same bits. */
internal class FleetRace(
    private val fleet: Fleet,
    private val definition: Definition,
    private val examples: Examples,
    private val steps: Int,
    private val options: () -> TrainingOptions.Builder,
) : AutoCloseable {
    private val here = LibraryTraining(definition, examples, options().build())
    private val costs = mutableListOf<StepCost>()
    private val times = mutableListOf<StepTime>()

    /** Measures some steps of each; the first of the workers, who may compile then, do not count. */
    fun measure() {
        Model.initial(definition, 1).use { model ->
            val run = options().steps(WARM_UP + steps.toLong()).build()
            costs += StepCost.measure(fleet, model, examples, run, WARM_UP)
        }
        repeat(steps) { times += here.step() }
    }

    /** Medians. */
    fun json(): Map<String, Any?> {
        val cost = typical()
        val step = millis(cost.step())
        val alone = median(times.map { millis(it.total()) })
        return linkedMapOf(
            "cores" to cost.cores(),
            "images_per_second" to cost.images() * MILLIS / step,
            "step_ms" to step,
            "computing_ms" to millis(cost.compute()),
            "overhead_ms" to millis(cost.overhead()),
            "efficiency" to cost.efficiency(),
            "pays_from_batch" to cost.paysFrom().let { if (it.isPresent) it.asLong else null },
            "batch_for_90_percent" to cost.imagesFor(MOSTLY),
            "here_step_ms" to alone,
            "here_images_per_second" to cost.images() * MILLIS / alone,
            "explained" to
                "computing: the slowest task of a step; pays_from_batch: images a step from which" +
                " all cores are quicker than one of them; here: all cores of the driver's machine",
        )
    }

    /** The cost of the round in the middle, by how long a step took. */
    private fun typical(): StepCost = costs.sortedBy { it.step() }[costs.size / 2]

    override fun close() = here.close()

    private companion object {
        const val WARM_UP = 3
        const val MILLIS = 1e3
        const val MOSTLY = 0.9
    }
}
