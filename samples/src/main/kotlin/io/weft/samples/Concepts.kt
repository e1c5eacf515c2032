// The ideas behind the models as pictures: masks, stacks, receptive fields, recurrence, attention,
// colours, orders.
//
// They are known from the definitions alone, without any training. The guide (core/README.md) shows
// them, and this draws them again:
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.ConceptsKt core/docs

package io.weft.samples

import io.weft.define.Definition
import io.weft.dsl.ModelScope
import io.weft.dsl.causalAttention
import io.weft.dsl.causalConv
import io.weft.dsl.diagonalBiLstm
import io.weft.dsl.gatedPixelCnn
import io.weft.dsl.horizontalConv
import io.weft.dsl.pixelModel
import io.weft.dsl.repeated
import io.weft.dsl.rowLstm
import io.weft.dsl.verticalConv
import io.weft.explain.FieldPicture
import io.weft.explain.Figure
import io.weft.explain.KernelPicture
import io.weft.explain.OrderPicture
import io.weft.expression.Span
import io.weft.image.ContactSheet
import io.weft.image.Picture
import io.weft.layer.Feature
import io.weft.layer.MaskType
import io.weft.order.GenerationOrder
import io.weft.samples.cli.checkPrinted
import io.weft.spec.ImageSpec
import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.createDirectories

private const val SIDE = 11
private val GREY = ImageSpec(SIDE, SIDE, 1, 2)
private val COLOUR = ImageSpec(SIDE, SIDE, 3, 2)

private fun model(
    name: String,
    image: ImageSpec = GREY,
    body: ModelScope.(Feature) -> Feature,
): Definition = pixelModel(name) { softmax(body(image(image))) }

/** The first layer reads the image with type A, the second what the first gave, with type B. */
internal fun masks(): Picture {
    val two =
        model("masks") { x ->
            x
                .causalConv(maps = 4, kernel = 5, type = MaskType.A, name = "type-a")
                .causalConv(maps = 2, kernel = 5, type = MaskType.B, name = "type-b")
        }
    return sideBySide(KernelPicture.of(two, "type-a"), KernelPicture.of(two, "type-b"))
}

/** How the colours of a pixel may read each other, before the image is read and after. */
internal fun colours(): Picture {
    val two =
        model("colours", COLOUR) { x ->
            x
                .causalConv(maps = 6, kernel = 3, type = MaskType.A, colours = colours, name = "a")
                .causalConv(maps = 6, kernel = 3, type = MaskType.B, colours = colours, name = "b")
        }
    return sideBySide(KernelPicture.of(two, "a"), KernelPicture.of(two, "b"))
}

private fun above(x: Feature): Feature {
    var above = x.verticalConv(maps = 2, kernel = 3, type = MaskType.A)
    repeated(2) { above = above.verticalConv(maps = 2, kernel = 3) }
    return above
}

private fun left(x: Feature): Feature {
    var left = x.horizontalConv(maps = 2, kernel = 3, type = MaskType.A)
    repeated(2) { left = left.horizontalConv(maps = 2, kernel = 3) }
    return left
}

/** What the vertical stack sees, what the horizontal one sees, and what both see together. */
internal fun stacks(): Picture =
    sideBySide(
        look(model("vertical") { above(it) }),
        look(model("horizontal") { left(it) }),
        look(model("together") { left(it) + above(it) }),
    )

/** A Gated PixelCNN of 3 x 3 kernels sees one pixel further with each block. */
internal fun depths(): Picture =
    sideBySide(
        *listOf(1, 2, 4)
            .map { blocks ->
                look(
                    gatedPixelCnn(GREY) {
                        name("blocks-$blocks")
                        blocks(blocks)
                        maps(2)
                        firstKernel(3)
                    },
                )
            }.toTypedArray(),
    )

/** A Row LSTM sees a triangle, whatever its depth; a Diagonal BiLSTM all but the end of a row. */
internal fun recurrence(): Picture =
    sideBySide(
        look(recurrent("row-lstm-1", blocks = 1) { rowLstm(it, units = 2) }),
        look(recurrent("row-lstm-4", blocks = 4) { rowLstm(it, units = 2) }),
        look(recurrent("diagonal", blocks = 1) { diagonalBiLstm(it, units = 2) }),
    )

private fun recurrent(
    name: String,
    blocks: Int,
    layer: ModelScope.(Feature) -> Feature,
): Definition =
    model(name) { image ->
        var x = image.causalConv(maps = 2, kernel = 3, type = MaskType.A)
        repeat(blocks) { x = layer(x) }
        x
    }

/**
 * Attention to the image at all earlier pixels, to what a convolution made of them up to the own
 * position, and to the image at the last 20 earlier pixels.
 */
internal fun attention(): Picture =
    sideBySide(
        look(attending("earlier", Span.EARLIER) { image, _ -> image.conv1x1(2) }),
        look(attending("up-to-own", Span.UP_TO_OWN) { _, convolved -> convolved }),
        look(attending("last-20", Span.EARLIER.last(20)) { image, _ -> image.conv1x1(2) }),
    )

private fun attending(
    name: String,
    span: Span,
    seen: (Feature, Feature) -> Feature,
): Definition =
    model(name) { image ->
        val x = image.causalConv(maps = 2, kernel = 3, type = MaskType.A)
        val memory = seen(image, x)
        x + x.causalAttention(keys = memory, values = memory, span = span)
    }

/** Three orders in which the pixels of an image can be drawn. */
internal fun orders(): Picture =
    sideBySide(
        OrderPicture.of(GenerationOrder.raster(8, 8)),
        OrderPicture.of(GenerationOrder.sCurve(8, 8)),
        OrderPicture.of(GenerationOrder.hilbert(8, 8)),
    )

/** The pictures by the names of their files. */
internal val CONCEPTS: Map<String, () -> Picture> =
    mapOf(
        "masks" to ::masks,
        "colours" to ::colours,
        "stacks" to ::stacks,
        "depths" to ::depths,
        "recurrence" to ::recurrence,
        "attention" to ::attention,
        "orders" to ::orders,
    )

private fun look(definition: Definition): Figure = FieldPicture.of(definition, 7, 5, 0)

private fun sideBySide(vararg figures: Figure): Picture =
    ContactSheet(figures.size, 8, 255).of(figures.map(Figure::picture))

/** Takes the folder for the pictures. */
fun main(arguments: Array<String>) {
    val folder: Path = Path(arguments.getOrElse(0) { "concepts" }).createDirectories()
    for ((name, draw) in CONCEPTS) {
        draw().writePng(folder.resolve("$name.png"))
        println("wrote ${folder.resolve("$name.png")}")
    }
    checkPrinted()
}
