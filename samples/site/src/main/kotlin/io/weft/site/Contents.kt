package io.weft.site

/** A Markdown file of the repository, by the name that navigation gives it. */
internal class Entry(
    val title: String,
    val file: String,
)

/** Guides that belong together. */
internal class Chapter(
    val title: String,
    val entries: List<Entry>,
)

/** All guides, in the order in which a newcomer may read them. */
internal val CONTENTS: List<Chapter> =
    listOf(
        Chapter("Start", listOf(Entry("Weft", "README.md"))),
        Chapter(
            "Learn",
            listOf(
                Entry("The guide, in Java", "core/README.md"),
                Entry("The guide, in Kotlin", "dsl/README.md"),
                Entry("Notebooks and tables", "dsl/NOTEBOOK.md"),
            ),
        ),
        Chapter(
            "Workflows",
            listOf(
                Entry("All workflows", "samples/workflows/README.md"),
                Entry("Generate", "samples/workflows/generate.md"),
                Entry("Complete", "samples/workflows/complete.md"),
                Entry("Classify", "samples/workflows/classify.md"),
                Entry("Detect", "samples/workflows/detect.md"),
                Entry("Compress", "samples/workflows/compress.md"),
                Entry("Compare", "samples/workflows/compare.md"),
                Entry("On Spark", "samples/spark/README.md"),
            ),
        ),
        Chapter(
            "Reference",
            listOf(
                Entry("The command line", "samples/README.md"),
                Entry("Built-in models", "core/models/README.md"),
                Entry("The format of coded images", "core/docs/coded-images.md"),
                Entry("Results", "samples/RESULTS.md"),
                Entry("Benchmarks", "samples/BENCHMARKS.md"),
            ),
        ),
        Chapter(
            "Project",
            listOf(
                Entry("Contribute", "CONTRIBUTING.md"),
                Entry("Changes", "CHANGELOG.md"),
                Entry("Security", "SECURITY.md"),
            ),
        ),
    )

internal val GUIDES: List<Entry> = CONTENTS.flatMap { it.entries }

/** Returns where a file of the repository lies in the site: a guide, a picture, or a source's copy. */
internal fun pathOf(file: String): String =
    when {
        GUIDES.any { it.file == file } -> {
            file.removeSuffix(".md").replace(Regex("(^|/)README$"), "$1index") + ".html"
        }

        isPicture(file) -> {
            file
        }

        else -> {
            "source/$file.html"
        }
    }

internal fun isPicture(file: String): Boolean = file.endsWith(".png") || file.endsWith(".svg")
