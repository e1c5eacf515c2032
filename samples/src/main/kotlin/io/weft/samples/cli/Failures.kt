package io.weft.samples.cli

import io.weft.advice.Advised
import io.weft.data.DataFormatException
import io.weft.engine.NativeException
import io.weft.json.DefinitionFormatException
import io.weft.spark.FleetException
import picocli.CommandLine
import picocli.CommandLine.ParameterException
import picocli.CommandLine.ParseResult
import java.io.IOException
import java.io.UncheckedIOException
import java.nio.file.AccessDeniedException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.FileSystemException
import java.nio.file.NoSuchFileException
import java.nio.file.NotDirectoryException
import java.util.concurrent.CancellationException

/** What the process ends with; each command's help lists them. */
internal object ExitCode {
    const val OK = 0
    const val FAILED = 1
    const val USAGE = 2
    const val INPUT = 3
    const val INTERRUPTED = 130
}

/** Data or model files that cannot be used; the message says what was found and what to do. */
internal class InputException(
    message: String,
    cause: Throwable? = null,
) : RuntimeException(message, cause)

/** The work itself failed; the message says what to do about it. */
internal class WorkException(
    message: String,
    cause: Throwable,
) : RuntimeException(message, cause)

/** Runs [block]; what it refuses is the fault of files that were given. */
internal fun <T> readingInput(block: () -> T): T =
    try {
        block()
    } catch (e: IllegalArgumentException) {
        throw InputException(e.message ?: e.toString(), e)
    }

/** Runs [block]; what it refuses is the fault of files that were given with [option]. */
internal fun <T> readingInput(
    option: String,
    block: () -> T,
): T =
    try {
        readingInput(block)
    } catch (e: InputException) {
        throw InputException("$option: ${e.message}", e)
    }

/** Turns failures into one or two lines on standard error and an exit code. */
internal object Failures {
    private const val MOST_LINES = 2

    /** The command was not understood. */
    fun usage(
        failure: ParameterException,
        arguments: Array<String>,
    ): Int {
        val command = failure.commandLine
        val words = OptionAdvice(command.commandSpec).words(failure).removePrefix("Error: ")
        command.err.println("${name(command)}: ${brief(words)}")
        command.err.println("Help: ${name(command)} --help")
        if (STACKTRACE in arguments) {
            failure.printStackTrace(command.err)
        }
        return ExitCode.USAGE
    }

    /** The command was understood and did not succeed. */
    fun execution(
        failure: Exception,
        command: CommandLine,
        parsed: ParseResult,
    ): Int {
        val (code, message) = explain(failure, OptionAdvice(command.commandSpec))
        command.err.println("${name(command)}: ${brief(message)}")
        if (parsed.originalArgs().contains(STACKTRACE)) {
            failure.printStackTrace(command.err)
        }
        return code
    }

    private fun explain(
        failure: Exception,
        advice: OptionAdvice,
    ): Pair<Int, String> =
        when (failure) {
            is InputException -> ExitCode.INPUT to advice.words(failure)
            is DataFormatException -> ExitCode.INPUT to advice.words(failure)
            is DefinitionFormatException -> ExitCode.INPUT to advice.words(failure)
            is IOException -> ExitCode.INPUT to files(failure)
            is UncheckedIOException -> ExitCode.INPUT to files(checkNotNull(failure.cause))
            is OutputException -> ExitCode.FAILED to failure.message.orEmpty()
            is WorkException, is Advised -> ExitCode.FAILED to advice.words(failure)
            is FleetException -> ExitCode.FAILED to advice.words(failure)
            is NativeException -> ExitCode.FAILED to "${failure.message} ($STACKTRACE shows where)"
            is CancellationException -> ExitCode.INTERRUPTED to "stopped"
            is ArithmeticException -> ExitCode.FAILED to failure.message.orEmpty()
            else -> ExitCode.FAILED to "$failure ($STACKTRACE shows where)"
        }

    /** Java's own messages on files are often the path alone. */
    private fun files(failure: IOException): String =
        when (failure) {
            is NoSuchFileException -> "${failure.file} does not exist; check the path"
            is AccessDeniedException -> "${failure.file}: access denied; check its permissions"
            is NotDirectoryException -> "${failure.file} is not a folder; give a folder"
            is FileAlreadyExistsException -> "${failure.file} is there already; give another path"
            is FileSystemException -> "${failure.file}: ${failure.reason ?: "cannot be used"}"
            else -> failure.message ?: failure.toString()
        }

    private fun name(command: CommandLine): String = command.commandSpec.qualifiedName()

    private fun brief(message: String): String =
        message
            .lines()
            .filter { it.isNotBlank() }
            .take(MOST_LINES)
            .joinToString("\n  ") { it.trim() }
}
