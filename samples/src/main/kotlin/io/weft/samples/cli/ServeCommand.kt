package io.weft.samples.cli

import io.weft.anomaly.AnomalyDetector
import io.weft.samples.serve.LiveServer
import io.weft.samples.serve.Painter
import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Option
import java.io.IOException
import java.net.InetAddress
import java.net.UnknownHostException
import java.nio.file.Path
import java.util.concurrent.CountDownLatch

/** `weft serve`: the live page. */
@Command(
    name = "serve",
    description = ["Show saved models in the browser: watch them draw, pixel by pixel."],
    footer = [
        "",
        "Examples:",
        "  weft serve --model-dir digits",
        "  weft serve --model-dir digits --model-dir faces --port 0",
        "",
        "Ctrl-C ends it. Only this machine can open the page, unless --host says otherwise.",
    ],
)
internal class ServeCommand : WeftCommand() {
    @Option(
        names = ["--model-dir"],
        paramLabel = "DIR",
        description = [ModelSource.DESCRIPTION + " Can be given several times."],
        converter = [ModelSource.Converter::class],
    )
    private var sources: List<ModelSource> = listOf()

    @Option(
        names = ["--detector"],
        paramLabel = "DIR",
        description = [
            "A detector, as anomalies --out saved it: its page finds what is unlike good images." +
                " Can be given several times.",
        ],
    )
    private var detectors: List<Path> = listOf()

    @Option(
        names = ["--port"],
        paramLabel = "N",
        description = ["Where to listen; 0 for any free port (default \${DEFAULT-VALUE})."],
    )
    private var port = USUAL_PORT

    @Option(
        names = ["--host"],
        paramLabel = "ADDRESS",
        description = [
            "The address to listen on (default \${DEFAULT-VALUE}). On any but a loopback address" +
                " everybody on the network can draw with your models: there are no passwords.",
        ],
    )
    private var host = "127.0.0.1"

    @Option(
        names = ["--allow-host"],
        paramLabel = "NAME",
        description = [
            "A further name under which the page is opened, such as that of a proxy. Can be given" +
                " several times. Addresses, localhost and this machine's own names need none; all" +
                " others are refused, so that no foreign page has its name point here.",
        ],
    )
    private var names: List<String> = listOf()

    @Option(
        names = ["--streams"],
        paramLabel = "N",
        description = [
            "The most drawings at once (default \${DEFAULT-VALUE}). More take turns; those that" +
                " are paused, or whose page is hidden, do not count.",
        ],
    )
    private var streams = USUAL_STREAMS

    @Mixin
    private lateinit var place: DeviceOption

    override val printsJsonItself get() = true

    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        if (port !in 0..LAST_PORT) misuse("--port=$port; expected 0 to $LAST_PORT")
        address()
        names.forEach {
            if (!NAME.matches(it)) misuse("--allow-host=$it; expected a name alone: studio.example")
        }
        if (streams !in 1..MOST_STREAMS) misuse("--streams=$streams; expected 1 to $MOST_STREAMS")
        if (sources.isEmpty() && detectors.isEmpty()) {
            misuse("nothing to show; give a --model-dir, or a --detector")
        }
        Saved.using(sources, place.device) { models ->
            SavedDetectors.using(detectors, place.device) { found ->
                val painters = linkedMapOf<String, Painter>()
                val finders = linkedMapOf<String, AnomalyDetector>()
                for ((source, saved) in sources.zip(models)) {
                    painters[distinct(source.name, painters.keys)] = painter(saved)
                }
                for ((folder, detector) in detectors.zip(found)) {
                    val id = distinct(ModelSource.Disk(folder).name, painters.keys)
                    painters[id] = Painter.of(detector.model())
                    finders[id] = detector
                }
                LiveServer(painters, host, port, streams, names, detectors = finders).use {
                    serve(it, painters.keys, console, stop)
                }
            }
        }
        return Outcome(mapOf())
    }

    private fun serve(
        server: LiveServer,
        ids: Collection<String>,
        console: Console,
        stop: StopSignal,
    ) {
        val address = address()
        val url = "http://${name(address)}:${listen(server)}/"
        console.say("Weft draws at $url (Ctrl-C ends it)")
        if (!address.isLoopbackAddress) {
            console.note("everybody who can reach this machine at $host can open it")
        }
        console.result(mapOf("url" to url, "models" to ids.toList()))
        try {
            stop.during { CountDownLatch(1).await() }
        } catch (_: InterruptedException) {
            console.note("stopped")
        }
    }

    private fun painter(saved: Saved): Painter =
        when (saved) {
            is Saved.One -> Painter.of(saved.model)
            is Saved.Pyramid -> Painter.of(saved.model)
        }

    private fun listen(server: LiveServer): Int =
        try {
            server.start()
        } catch (e: IOException) {
            throw WorkException(
                "cannot listen on $host, port $port: ${e.message}; give another --port",
                e,
            )
        }

    private fun address(): InetAddress =
        try {
            InetAddress.getByName(host)
        } catch (e: UnknownHostException) {
            misuse("--host=$host is no address of this machine (${e.message})")
        }

    /** As it stands in the address of the page: what stands for all addresses is none. */
    private fun name(address: InetAddress) =
        when {
            address.isAnyLocalAddress -> "localhost"
            ':' in host -> "[$host]"
            else -> host
        }

    /** A model's name as part of an address; with a number where another model has it. */
    private fun distinct(
        of: String,
        taken: Set<String>,
    ): String {
        val name = of.replace(Regex("[^A-Za-z0-9._-]"), "-")
        return generateSequence(1) { it + 1 }
            .map { if (it == 1) name else "$name-$it" }
            .first { it !in taken }
    }

    private companion object {
        const val USUAL_PORT = 8310
        const val LAST_PORT = 65_535
        const val USUAL_STREAMS = 4
        const val MOST_STREAMS = 64
        val NAME = Regex("[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*")
    }
}
