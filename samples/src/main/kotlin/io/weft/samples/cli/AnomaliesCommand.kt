package io.weft.samples.cli

import io.weft.anomaly.Anomalies
import io.weft.anomaly.AnomalyDetector
import io.weft.anomaly.AnomalyScore
import io.weft.anomaly.DetectorFolder
import io.weft.data.ImageSet
import io.weft.explain.AnomalyReport
import io.weft.json.LayerCatalog
import io.weft.spec.ImageSpec
import picocli.CommandLine.ArgGroup
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.nio.file.Path

/** `weft anomalies`: which images are unlike good ones, and where. */
@Command(
    name = "anomalies",
    description = ["Learn good images, and find those that are unlike them."],
    footer = [
        "",
        "Examples:",
        "  weft anomalies --good good --check received --levels 16 --steps 1500 --report out.html",
        "  weft anomalies --good good --check received --levels 16 --steps 1500 --out detector",
        "  weft anomalies --detector detector --check received --fit --per-image found.csv",
        "  weft anomalies --detector detector --check received --fit --spark spark://host:7077",
        "",
        "With --spark the workers check; a detector is fit here.",
    ],
)
internal class AnomaliesCommand : WeftCommand() {
    /** Where a detector comes from: one of the two. */
    internal class Source {
        @Option(
            names = ["--good"],
            required = true,
            paramLabel = "PATH",
            description = ["Fit a detector on these images, good ones (kinds as for train)."],
        )
        var good: String? = null

        @Option(
            names = ["--detector"],
            required = true,
            paramLabel = "DIR",
            description = ["Take a detector that an earlier --out saved."],
        )
        var detector: Path? = null
    }

    @ArgGroup(multiplicity = "1")
    private lateinit var source: Source

    @Option(
        names = ["--check"],
        required = true,
        paramLabel = "PATH",
        description = [
            "Check these images. If they are in folders, one of which is named as --good-class" +
                " says, the others are taken for anomalies, and it is said how well these are told.",
        ],
    )
    private lateinit var check: String

    @Option(
        names = ["--good-class"],
        paramLabel = "NAME",
        description = ["What good images of --check are called (default \${DEFAULT-VALUE})."],
    )
    private var goodClass = "good"

    @Mixin
    private lateinit var pictures: PictureOptions

    @Mixin
    private lateinit var fitting: DetectorOptions

    @Option(
        names = ["--report"],
        paramLabel = "FILE.html",
        converter = [OutputFile::class],
        description = ["Write one page with the images, the strangest first, and their heat maps."],
    )
    private var report: Path? = null

    @Option(
        names = ["--per-image"],
        paramLabel = "FILE.csv",
        converter = [OutputFile::class],
        description = ["Write each image's number, label, score, p-value, flag and file."],
    )
    private var perImage: Path? = null

    @Option(
        names = ["--out"],
        paramLabel = "DIR",
        description = ["Save the detector here; a detector that is there already is replaced."],
    )
    private var out: Path? = null

    @Mixin
    private lateinit var place: DeviceOption

    @Mixin
    private lateinit var spark: FleetOption

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        pictures.check(::misuse)
        spark.check(mapOf(), ::misuse)
        val good = source.good
        if (good == null) {
            fitting.given?.let { misuse("$it is for --good; the detector is fit already") }
            out?.let { misuse("--out=$it is for --good; the detector is saved already") }
        } else {
            fitting.check(good, ::misuse)
            place.checkTrains(::misuse)
            out?.let {
                SavedModels.checkWritable(it, ::misuse)
                DetectorFolder.of(it, LayerCatalog.standard()).checkReplaceable()
            }
        }
        if (good == null) {
            return load().use { detector ->
                examine(detector, read(detector.definition().image(), console), console, stop)
            }
        }
        // All is read before the minutes that fitting takes.
        val goods = fitting.read(good, pictures, console)
        val images = read(goods.spec(), console)
        return fit(goods, console).use { examine(it, images, console, stop) }
    }

    private fun examine(
        detector: AnomalyDetector,
        images: ImageSet,
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val found = readingInput("--check") { found(detector, images, console, stop) }
        return report(detector, images, found, console)
    }

    private fun fit(
        good: ImageSet,
        console: Console,
    ): AnomalyDetector {
        val detector = readingInput("--good") { fitting.fit(good, place.device, console) }
        out?.let {
            detector.save(it)
            console.say("saved $it")
        }
        return detector
    }

    private fun load(): AnomalyDetector =
        SavedDetectors.load(checkNotNull(source.detector), place.device)

    private fun found(
        detector: AnomalyDetector,
        images: ImageSet,
        console: Console,
        stop: StopSignal,
    ): Anomalies {
        if (!spark.isGiven) return detector.check(images)
        return spark.use(stop) { fleet ->
            // Two passes over the images.
            console.progress("check", 2L * images.size()).use { progress ->
                fleet.anomalies(
                    detector,
                    images,
                ) { done, _ -> progress.at(done, "images in two passes") }
            }
        }
    }

    private fun read(
        image: ImageSpec,
        console: Console,
    ): ImageSet {
        val reading = pictures.reading(image)
        val data = DataSource(check, image.width(), reading, console::note, "--check")
        val images = data.test(null, image.levels()) ?: data.train(null, image.levels())
        pictures.checkUsed(fitting.colours)
        return images
    }

    /** Above 0 however many good images made it. */
    private fun pValue(p: Double): String = if (p < 0.001) "p < 0.001" else format("p %.3f", p)

    private fun report(
        detector: AnomalyDetector,
        images: ImageSet,
        found: Anomalies,
        console: Console,
    ): Outcome {
        console.say(format("%s, told from good ones by the score %s", found, found.by()))
        val shown = found.strangestFirst().take(SHOWN)
        for (image in shown) {
            val what = images.file(image).orElse("image $image")
            val flag = if (found.isAnomalous(image)) "  anomalous" else ""
            console.say(
                format(
                    "  %s: %s, score %.2f%s",
                    what,
                    pValue(found.pValue(image)),
                    found.score(image),
                    flag,
                ),
            )
        }
        val areas = KnownAnomalies(images, goodClass).areas(found)
        areas.forEach { (what, area) -> console.say(format("AUROC of %s: %.3f", what, area)) }
        perImage?.let { write(images, found, it) }
        report?.let {
            AnomalyReport.write(detector, images, found, areas, it)
            console.say("wrote $it")
        }
        return Outcome(json(detector, found, areas))
    }

    private fun json(
        detector: AnomalyDetector,
        found: Anomalies,
        areas: Map<String, Double>,
    ): Map<String, Any?> =
        linkedMapOf(
            "images" to found.size(),
            "anomalous" to (0 until found.size()).count { found.isAnomalous(it) },
            "score" to found.by().label(),
            "threshold" to detector.threshold(),
            "false_alarms" to detector.falseAlarms(),
            "held_out" to detector.heldOut(),
            "auroc" to areas.ifEmpty { null },
            "choice" to
                detector.choice().orElse(null)?.let { choice ->
                    AnomalyScore.entries.associate { it.label() to choice.mean(it) }
                },
            "detector" to out?.toString(),
            "report" to report?.toString(),
        )

    private fun write(
        images: ImageSet,
        found: Anomalies,
        file: Path,
    ) = Csv.write(file) { row ->
        row(listOf("image", "label", "score", "p_value", "anomalous", "file"))
        for (image in found.strangestFirst()) {
            row(
                listOf(
                    "$image",
                    images.className(image),
                    format("%.4f", found.score(image)),
                    format("%.6f", found.pValue(image)),
                    "${found.isAnomalous(image)}",
                    images.file(image).orElse(""),
                ),
            )
        }
    }

    private companion object {
        const val SHOWN = 10
    }
}
