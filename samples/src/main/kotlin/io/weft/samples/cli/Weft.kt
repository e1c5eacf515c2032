package io.weft.samples.cli

import picocli.CommandLine
import picocli.CommandLine.Command
import picocli.CommandLine.IVersionProvider
import kotlin.system.exitProcess

/** The command line: `weft --help` lists what it can do. */
@Command(
    name = "weft",
    description = ["Autoregressive image models: declare, prove, train, score, sample."],
    mixinStandardHelpOptions = true,
    versionProvider = Weft.Version::class,
    synopsisSubcommandLabel = "COMMAND",
)
object Weft : Runnable {
    /** Runs the command line and ends the process with its exit code. */
    @JvmStatic
    fun main(arguments: Array<String>) {
        exitProcess(CommandLine(Weft).execute(*arguments))
    }

    /** Without a command, shows the help. */
    override fun run() {
        CommandLine.usage(this, System.out)
    }

    /** The version that the build wrote into the jar's manifest. */
    internal class Version : IVersionProvider {
        override fun getVersion(): Array<String> =
            arrayOf("weft ${Weft::class.java.`package`.implementationVersion ?: "(unpackaged)"}")
    }
}
