// Five mistakes that every author of a PixelCNN makes once. Each would train to a wonderful
// likelihood and sample noise; here none of them builds, and the message names the layer, what it
// reads where, and a pixel that could see itself or the future:
//
//     mvn -q package -DskipTests
//     java -cp "samples/target/weft/lib/*" io.weft.samples.RefusedKt

package io.weft.samples

import io.weft.define.Definition
import io.weft.dsl.causalConv
import io.weft.dsl.conv1x1
import io.weft.dsl.gatedBlock
import io.weft.dsl.head
import io.weft.dsl.pixelModel
import io.weft.dsl.twoStacks
import io.weft.layer.MaskType
import io.weft.samples.cli.checkPrinted
import io.weft.spec.DefinitionException

// region type-b
internal fun typeBOnTheImage(): Definition =
    pixelModel("type-b") {
        val x = image(height = 16, width = 16, channels = 1, levels = 4)
        softmax(x.causalConv(maps = 4, kernel = 3, type = MaskType.B))
    }
// endregion

internal fun unshiftedVerticalLink(): Definition =
    pixelModel("unshifted") {
        val x = image(height = 16, width = 16, channels = 1, levels = 4)
        val block = gatedBlock(twoStacks(x), maps = 8, type = MaskType.A)
        // Row i of the vertical stack has seen all of row i: shiftDown(1) is missing.
        val link = block.stacks.vertical.conv1x1(maps = 8, name = "link")
        softmax(head(block.skip + link, maps = 8))
    }

internal fun wrongColourGroup(): Definition =
    pixelModel("ungrouped") {
        val x = image(height = 16, width = 16, channels = 3, levels = 4)
        val first = x.causalConv(maps = 12, kernel = 3, type = MaskType.A, colours = colours)
        // Without colours = colours, red's logits read what green and blue know of red.
        softmax(first.relu().conv1x1(maps = 12, name = "mixed"))
    }

// region one-part
internal fun gateOfOnePart(): Definition =
    pixelModel("one-part") {
        val x = image(height = 16, width = 16, channels = 3, levels = 4)
        // A gate multiplies map m by map m + 16, and 16 is no multiple of the colours.
        val halves = x.causalConv(maps = 32, kernel = 3, type = MaskType.A, colours = colours)
        softmax(halves.gate().conv1x1(maps = 12, colours = colours))
    }
// endregion

internal fun rowBelow(): Definition =
    pixelModel("row-below") {
        val x = image(height = 16, width = 16, channels = 1, levels = 4)
        val stacks = gatedBlock(twoStacks(x), maps = 8, type = MaskType.A).stacks
        // Shifted up, so that the row below is read.
        softmax(head(stacks.horizontal + stacks.vertical.shiftDown(-1), maps = 8))
    }

/** Returns why the definition is refused. */
internal fun refusal(declare: () -> Definition): String =
    try {
        error("not refused: ${declare()}")
    } catch (refused: DefinitionException) {
        refused.message!!
    }

/** Prints the five messages. */
fun main() {
    listOf(
        ::typeBOnTheImage,
        ::unshiftedVerticalLink,
        ::wrongColourGroup,
        ::gateOfOnePart,
        ::rowBelow,
    ).forEach { println(refusal(it) + "\n") }
    checkPrinted()
}
