package io.weft.samples.cli

import picocli.CommandLine.Command
import picocli.CommandLine.Mixin
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.Option
import picocli.CommandLine.ParameterException
import picocli.CommandLine.Spec
import java.util.concurrent.Callable

/** The option that shows where a failure comes from. */
internal const val STACKTRACE = "--stacktrace"

/** The place of options that every command has, after its own. */
internal const val LAST_OPTIONS = 1_000

/** What every command has: help, and what its exit codes mean. */
@Command(
    sortOptions = false,
    sortSynopsis = false,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = [
        "0:done",
        "1:the work failed: training diverged, memory ran out, or TensorFlow does not load",
        "2:the command line is not understood",
        "3:data or model files are missing, damaged or do not fit",
        "130:stopped by Ctrl-C",
    ],
)
internal class HelpOptions {
    @Option(
        names = [STACKTRACE],
        order = LAST_OPTIONS + 1,
        description = ["Show where a failure comes from."],
    )
    var stacktrace = false

    @Option(
        names = ["-h", "--help"],
        order = LAST_OPTIONS + 2,
        usageHelp = true,
        description = ["Show this help."],
    )
    var help = false
}

/** The form of a command's output. */
internal class OutputOptions {
    @Option(
        names = ["--json"],
        order = LAST_OPTIONS,
        description = [
            "Print one line of JSON on standard output and nothing else there;" +
                " all words for people go to standard error.",
        ],
    )
    var json = false
}

/**
 * What a command achieved.
 *
 * @property json the fields of the line that `--json` prints, in this order
 * @property exitCode one of [ExitCode]
 */
internal class Outcome(
    val json: Map<String, Any?>,
    val exitCode: Int = ExitCode.OK,
)

/** A command: checks its options, works, and says what came of it. */
internal abstract class WeftCommand : Callable<Int> {
    @Spec
    protected lateinit var spec: CommandSpec

    @Mixin
    private lateinit var threads: ThreadsOption

    @Mixin
    private lateinit var output: OutputOptions

    @Mixin
    private lateinit var help: HelpOptions

    /** Whether the result is for machines even without `--json`. */
    protected open val alwaysJson: Boolean get() = false

    /** Whether the result is printed before the work is over. */
    protected open val printsJsonItself: Boolean get() = false

    /** Does the work. Words for people go to the console, what was achieved is returned. */
    protected abstract fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome

    final override fun call(): Int {
        val command = spec.commandLine()
        val console = Console(command.out, command.err, output.json || alwaysJson)
        OutputFile.checkAll(spec, ::misuse)
        return StopSignal().use { stop ->
            try {
                val outcome = threads.within(::misuse) { run(console, stop) }
                if (!printsJsonItself) console.result(outcome.json)
                outcome.exitCode
            } catch (e: ParameterException) {
                throw e
            } catch (e: OutOfMemoryError) {
                said(
                    WorkException(
                        "out of memory (${e.message}); take fewer or smaller images, or give Java" +
                            " more: WEFT_JAVA_OPTS=-Xmx4g",
                        e,
                    ),
                )
            } catch (e: Exception) {
                said(e)
            }
        }
    }

    /** Says what failed, while Java cannot end: after Ctrl-C it waits for the signal to be closed. */
    private fun said(failure: Exception): Int {
        val command = spec.commandLine()
        return command.executionExceptionHandler.handleExecutionException(
            failure,
            command,
            command.parseResult,
        )
    }

    /** Whether the command line has an option, such as "--maps". */
    protected fun isGiven(option: String): Boolean =
        spec.commandLine().parseResult.hasMatchedOption(option)

    /** Refuses the command line. */
    protected fun misuse(message: String): Nothing =
        throw ParameterException(spec.commandLine(), message)

    /** Runs [block]; what it refuses is the fault of the command line. */
    protected fun <T> readingOptions(block: () -> T): T =
        try {
            block()
        } catch (e: IllegalArgumentException) {
            throw ParameterException(spec.commandLine(), e.message.orEmpty(), e)
        }

    /** Runs [block]; what it refuses is the value of one option, such as "--block=0". */
    protected fun <T> readingOption(
        option: String,
        block: () -> T,
    ): T =
        try {
            block()
        } catch (e: IllegalArgumentException) {
            throw ParameterException(spec.commandLine(), "$option: ${e.message}", e)
        }
}
