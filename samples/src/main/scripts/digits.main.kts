// Weft in a script, as in a notebook: declare a model, look at it, train it for a moment, look at
// what it draws. dsl/NOTEBOOK.md says what it needs. About a minute on two cores:
//
//     kotlin samples/src/main/scripts/digits.main.kts shown

// region coordinates
@file:DependsOn("io.weft:weft-dsl:0.1.0-SNAPSHOT")
// endregion

// region imports
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import io.weft.dsl.*
import io.weft.explain.FieldPicture
import io.weft.explain.LayerDiagram
import io.weft.explain.Summary
import io.weft.spec.Condition
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
// endregion
import kotlin.io.path.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.writeText

// region declare
val digits =
    gatedPixelCnn(ImageSpec(16, 16, 1, 4)) {
        name("digits")
        blocks(3)
        maps(24)
        classCondition("digit", 10)
    }
// endregion

// region look
val summary = Summary.of(digits)
val layers = LayerDiagram.svg(digits)
val field = FieldPicture.of(digits)
// endregion
println(summary)

// region train
val train = EmbeddedDigits.count(10_000).size(16).levels(4).seed(1).grey()
val model =
    runBlocking {
        digits.trainSuspending(Examples.labelled(train, "digit"), seed = 1) {
            steps = 400
            adam(rate = 2e-3)
        }
    }
// endregion

// region draw
val images =
    runBlocking {
        model.sampleImages(count = 20, seed = 7) { label { it % 10 } }.toList()
    }
val drawn = images.gallery { "digit ${it.index() % 10}" }
// endregion

// region files
val folder = Path(args[0]).createDirectories()
val page = listOf(summary.html(), layers, field.svg(), drawn.html())
val head = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>digits</title>\n"
(folder / "digits.html").writeText(page.joinToString("\n", prefix = head))
drawn.sheet(10).writePng(folder / "digits.png")
// endregion
println("wrote $folder/digits.html and $folder/digits.png")

// region close
model.close()
// endregion
