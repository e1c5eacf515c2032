package io.weft.samples.cli

import picocli.CommandLine
import picocli.CommandLine.Command
import picocli.CommandLine.IVersionProvider
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.Spec
import java.io.PrintWriter
import java.util.Locale
import kotlin.system.exitProcess

/** The command line: `weft --help` lists what it can do. */
@Command(
    name = "weft",
    description = ["Autoregressive image models: declare, prove, train, score, sample, complete."],
    mixinStandardHelpOptions = true,
    versionProvider = Weft.Version::class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = [
        DemoCommand::class,
        ModelsCommand::class,
        DataCommand::class,
        TrainCommand::class,
        ScoreCommand::class,
        CompareCommand::class,
        ClassifyCommand::class,
        AnomaliesCommand::class,
        SampleCommand::class,
        CompleteCommand::class,
        CompressCommand::class,
        DecompressCommand::class,
        ExportCommand::class,
        ImportCommand::class,
        ServeCommand::class,
        ExplainCommand::class,
        BenchCommand::class,
        DoctorCommand::class,
    ],
    footer = ["", "Begin with: weft demo, or weft models", "Help on a command: weft train --help"],
)
object Weft : Runnable {
    @Spec
    private lateinit var spec: CommandSpec

    /** Runs the command line and ends the process with its exit code. */
    @JvmStatic
    fun main(arguments: Array<String>) {
        // Its words are English, so its numbers are too: also in what its libraries print.
        Locale.setDefault(Locale.ROOT)
        // Picocli's own writer hides whether standard output takes anything.
        val line = commandLine().apply { out = PrintWriter(System.out, true) }
        exitProcess(execute(line, *arguments))
    }

    /** Runs the command line; what was not printed whole, help included, is no success. */
    internal fun execute(
        line: CommandLine,
        vararg arguments: String,
    ): Int {
        val code = line.execute(*arguments)
        if (code == ExitCode.OK && line.out.checkError()) {
            line.err.println("weft: ${OutputException().message}")
            return ExitCode.FAILED
        }
        return code
    }

    /** Without a command, shows the help. */
    override fun run() {
        spec.commandLine().usage(spec.commandLine().out)
    }

    /** The whole command line, ready to be executed once. */
    internal fun commandLine(): CommandLine =
        CommandLine(this)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler(Failures::usage)
            .setExecutionExceptionHandler(Failures::execution)

    /** The version that the build wrote into the jar's manifest. */
    internal class Version : IVersionProvider {
        override fun getVersion(): Array<String> =
            arrayOf("weft ${Weft::class.java.`package`.implementationVersion ?: "(unpackaged)"}")
    }
}
