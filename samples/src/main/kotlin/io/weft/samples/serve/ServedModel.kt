package io.weft.samples.serve

import io.weft.Model
import io.weft.anomaly.AnomalyDetector
import io.weft.complete.PixelMask
import io.weft.define.Definition
import io.weft.order.GenerationOrder
import io.weft.pyramid.Scale
import io.weft.spec.Condition
import io.weft.spec.ConditionValues

/**
 * A model on the page, under a name that is part of addresses.
 *
 * @param finder what finds images unlike those that the model was trained on, if there is one
 */
internal class ServedModel(
    val id: String,
    val painter: Painter,
    private val finder: AnomalyDetector? = null,
) {
    val definition = painter.definition
    val image = definition.image()

    /** The conditions that the page lets people choose. */
    private val classes = painter.conditions.filterIsInstance<Condition.OneOf>()

    /** Layers whose positions are pixels, so that they have a receptive field to be shown. */
    private val layers = definition.graph().layersOnPixels().map { it.name() }

    /** The definition under the orders in which images with the newest masks are completed. */
    private val completing =
        object : LinkedHashMap<GenerationOrder, Definition>() {
            override fun removeEldestEntry(eldest: Map.Entry<GenerationOrder, Definition>) =
                size > KEPT
        }

    /** The longest message: as many images as are coded together, or one's values and pixels. */
    val mostBytes = FIELDS_BYTES + VALUE_BYTES * (image.values() + image.pixels())

    /** The model, which codes images and scores them. */
    val single: Model
        get() =
            painter.single ?: throw Problem.badRequest(
                "model \"$id\" is two models that draw in turn, which have no codec; compress" +
                    " with a model that draws by itself",
            )

    /** What finds images unlike those that the model was trained on. */
    val detector: AnomalyDetector
        get() =
            finder ?: throw Problem.badRequest(
                "model \"$id\" has no detector; start the server with --detector",
            )

    private val obstacle =
        painter.conditions.firstOrNull { it !is Condition.OneOf }?.let {
            "needs the condition \"${it.name()}\", which is no class and cannot be chosen here;" +
                " draw from this model through the API"
        }

    /** The model in the order in which missing pixels of such an image are drawn. */
    fun completing(mask: PixelMask): Definition {
        mask.check(image)
        val order = definition.completionOrder(painter.first(mask))
        return synchronized(completing) {
            completing.getOrPut(order) { definition.under(order) }
        }
    }

    /** The pixels that are drawn where some are known, or where none is, the first one first. */
    fun order(mask: PixelMask?): List<Int> {
        mask?.check(image)
        return painter.order(mask).filter { mask?.isKnown(it) != true }
    }

    /** Refuses to draw from a model whose conditions the page cannot give. */
    private fun checkDrawable() {
        obstacle?.let { throw Problem.badRequest("model \"$id\" $it") }
    }

    fun describe(): Map<String, Any?> =
        linkedMapOf(
            "id" to id,
            "name" to painter.name,
            "parameters" to painter.parameters,
            "height" to image.height(),
            "width" to image.width(),
            "channels" to image.channels(),
            "levels" to image.levels(),
            "classes" to classes.map(::describe),
            "completion" to if (definition.servesEveryOrder()) "around" else "in-order",
            "layers" to layers,
            "obstacle" to obstacle,
            "isCodec" to (painter.single != null),
            "isDetector" to (finder != null),
            "scale" to painter.scale?.let { scale(it) },
        )

    private fun scale(scale: Scale): Map<String, Any> {
        val small = scale.small(image)
        return linkedMapOf(
            "factor" to scale.factor(),
            "height" to small.height(),
            "width" to small.width(),
        )
    }

    /** Names go without saying where they are the labels. */
    private fun describe(condition: Condition.OneOf): Map<String, Any?> {
        val names = condition.classes().list()
        val said = mapOf("name" to condition.name(), "count" to condition.count())
        return if (names == List(names.size) { "$it" }) said else said + ("names" to names)
    }

    /** Reads {"digit": [3, 4]}: image k has the k-th label, beginning again at the end. */
    fun labels(body: Body): (Long) -> ConditionValues {
        checkDrawable()
        val labels = if (body.has("labels")) body.body("labels") else Body.read("{}")
        labels.only(*classes.map { it.name() }.toTypedArray())
        val lists =
            classes.associate {
                it.name() to
                    labels.wholes(it.name(), 1..MOST_LABELS, 0 until it.count())
            }
        return { index ->
            lists.entries.fold(ConditionValues.none()) { values, (name, list) ->
                values.withLabel(name, list[(index % list.size).toInt()])
            }
        }
    }

    private companion object {
        const val MOST_LABELS = 1000
        const val KEPT = 8
        const val FIELDS_BYTES = 1 shl 16
        const val VALUE_BYTES = 64
    }
}
