package io.weft.samples.cli

import io.weft.data.ImageSet
import io.weft.data.SetSummary
import io.weft.image.ContactSheet
import io.weft.image.Picture
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft data`: what would be read, before anything learns from it. */
@Command(
    name = "data",
    description = ["Show what images would be read: how many, of what form, in which classes."],
    footer = [
        "",
        "Example:",
        "  weft data --data pictures --size 32 --fit random --ground ffffff --sheet pictures.png",
        "",
        "The options are those of weft train. All images are read, as training would read them.",
    ],
)
internal class DataCommand : WeftCommand() {
    @Mixin
    private lateinit var data: DataOptions

    @Mixin
    private lateinit var form: FormOptions

    @Mixin
    private lateinit var quantised: LevelsOption

    @Option(
        names = ["--seed"],
        paramLabel = "N",
        description = ["Decides the places of --fit=random (default \${DEFAULT-VALUE})."],
    )
    private var seed = 1L

    @Option(
        names = ["--sheet"],
        paramLabel = "FILE.png",
        converter = [OutputFile::class],
        description = ["Write a sheet of at most $MOST images, spread evenly, with their classes."],
    )
    private var sheet: Path? = null

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        data.check(::misuse)
        quantised.check(::misuse)
        form.check("--data", data.data, ::misuse)
        form.checkFit(data.pictures, ::misuse)
        val warnings = mutableListOf<String>()
        val source = form.source("--data", data.data, data.pictures, seed) { warnings += it }
        val images = source.train(data.limit, quantised.levels)
        val tests = source.test(data.limit, quantised.levels)
        data.pictures.checkUsed(form.colours)
        val summary = readingInput { SetSummary.of(images) }
        warnings += warnings(images, summary)
        say(console, images, summary, tests)
        warnings.forEach { console.say("note: $it") }
        sheet?.let { write(it, images, console) }
        return Outcome(
            linkedMapOf(
                "images" to summary.size(),
                "test_images" to (tests?.size() ?: 0),
                "height" to images.height(),
                "width" to images.width(),
                "channels" to images.channels(),
                "levels" to images.levels(),
                "levels_in_use" to summary.levels(),
                "lowest_level" to summary.lowest(),
                "highest_level" to summary.highest(),
                "classes" to images.classNames().zip(summary.classes()).toMap(),
                "constant" to summary.constant(),
                "copies" to summary.copies().toSortedMap().map { (copy, of) -> listOf(copy, of) },
                "warnings" to warnings,
                "files" to listOfNotNull(sheet).map { "$it" },
            ),
        )
    }

    private fun say(
        console: Console,
        images: ImageSet,
        summary: SetSummary,
        tests: ImageSet?,
    ) {
        console.say("to train on: $images")
        console.say(tests?.let { "to test on: $it" } ?: "no part of its own to test on")
        console.say(
            "levels in use: ${summary.levels()} of ${images.levels()}, from ${summary.lowest()}" +
                " to ${summary.highest()}",
        )
        images.classNames().zip(summary.classes()).forEach { (name, count) ->
            console.say("class $name: ${counted(count, "image")}")
        }
    }

    private fun warnings(
        images: ImageSet,
        summary: SetSummary,
    ): List<String> {
        val copies =
            summary.copies().toSortedMap().map { (copy, of) ->
                "${images.nameOf(copy)} is ${images.nameOf(of)}"
            }
        val empty = images.classNames().zip(summary.classes()).filter { it.second == 0 }
        return listOfNotNull(
            fewLevels(images, summary),
            list("show one colour everywhere", summary.constant().map { images.nameOf(it) }),
            list("are copies of others", copies),
            list("no images of", empty.map { it.first }).takeIf { empty.isNotEmpty() },
        )
    }

    /** Greys that are spread evenly over all levels are fewer levels. */
    private fun fewLevels(
        images: ImageSet,
        summary: SetSummary,
    ): String? {
        val used = summary.levels()
        if (quantised.levels != LevelsOption.USUAL || used !in 2..images.levels() / 2) return null
        val fewer = images.quantised(used)
        val isSame = fewer.quantised(images.levels()).fingerprint() == images.fingerprint()
        return "$used of ${images.levels()} levels are in use, spread evenly: give --levels $used"
            .takeIf { isSame }
    }

    /** Few of many, for people; the JSON has all. */
    private fun list(
        what: String,
        which: List<String>,
    ): String? =
        which.takeIf { it.isNotEmpty() }?.let {
            val rest = if (it.size > NAMED) " and ${it.size - NAMED} more" else ""
            "$what (${it.size}): ${it.take(NAMED).joinToString()}$rest"
        }

    private fun ImageSet.nameOf(image: Int): String = file(image).orElse("$image")

    private fun write(
        file: Path,
        images: ImageSet,
        console: Console,
    ) {
        val shown = images.spread(MOST)
        val pictures = List(shown.size()) { Picture.of(shown, it).enlargedTo(SIDE) }
        val captions = List(shown.size()) { if (shown.hasLabels()) shown.className(it) else "" }
        ContactSheet(COLUMNS).of(pictures, captions).writePng(file)
        console.say("wrote a sheet of ${counted(shown.size(), "image")}: $file")
    }

    private companion object {
        const val MOST = 100
        const val COLUMNS = 10
        const val SIDE = 56
        const val NAMED = 3
    }
}
