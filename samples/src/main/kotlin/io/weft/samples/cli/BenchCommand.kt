package io.weft.samples.cli

import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.ParameterException
import picocli.CommandLine.Spec

/** `weft bench`: measures this machine. */
@Command(
    name = "bench",
    description = ["Measure training, sampling and coding on this machine; prints JSON."],
    synopsisSubcommandLabel = "COMMAND",
    subcommands = [
        BenchTrainCommand::class,
        BenchSampleCommand::class,
        BenchCompressCommand::class,
    ],
    footer = ["", "Example:", "  weft bench sample --maps 32 --blocks 5 --budget-seconds 30"],
)
internal class BenchCommand : Runnable {
    @Spec
    private lateinit var spec: CommandSpec

    @Mixin
    private lateinit var help: HelpOptions

    override fun run(): Unit =
        throw ParameterException(
            spec.commandLine(),
            "say what to measure: bench train, bench sample or bench compress",
        )
}
