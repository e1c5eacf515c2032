package io.weft.samples.cli

import io.weft.Model
import io.weft.codec.Codec
import io.weft.order.GenerationOrder
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option

/** What both who codes and who decodes have to say. */
internal class CodingOptions {
    @Mixin
    private lateinit var given: ModelDirOption

    @Option(
        names = ["--order"],
        paramLabel = "NAME",
        description = [
            "Code pixels in this order, as for train (default: the model's own first one). A file" +
                " is decoded in the order that it was coded in.",
        ],
    )
    private var order: String? = null

    /** Works with the model, and closes it. */
    fun <T> use(work: (Model) -> T): T = given.source.load().use(work)

    /**
     * Returns the codec of a model.
     *
     * @throws IllegalArgumentException if there is no such order, or the model is not causal under it
     */
    fun codec(model: Model): Codec {
        val codec = Codec.of(model)
        val image = model.definition().image()
        return order?.let {
            codec.order(
                GenerationOrder.named(it, image.height(), image.width()),
            )
        } ?: codec
    }
}
