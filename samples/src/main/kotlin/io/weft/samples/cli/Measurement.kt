package io.weft.samples.cli

import io.weft.define.Definition
import io.weft.internal.tensorflow.TensorFlowNative
import io.weft.spec.Condition
import java.time.Duration
import kotlin.io.path.Path
import kotlin.io.path.isReadable
import kotlin.io.path.readLines

/** The middle value, the mean of the two in the middle where their number is even. */
internal fun median(values: List<Double>): Double {
    val sorted = values.sorted()
    val middle = sorted.size / 2
    return if (sorted.size % 2 == 1) sorted[middle] else (sorted[middle - 1] + sorted[middle]) / 2
}

/** Seconds that [work] takes. */
internal inline fun seconds(work: () -> Unit): Double {
    val started = System.nanoTime()
    work()
    return (System.nanoTime() - started) / 1e9
}

/** A duration in milliseconds. */
internal fun millis(duration: Duration): Double = duration.toNanos() / 1e6

/** What was measured on. */
internal fun machine(): Map<String, Any?> =
    linkedMapOf(
        "cores" to Runtime.getRuntime().availableProcessors(),
        "os" to "${System.getProperty("os.name")} ${System.getProperty("os.arch")}",
        "jvm" to "${System.getProperty("java.vm.name")} ${Runtime.version()}",
        "tensorflow" to TensorFlowNative.version(),
    )

/** The most memory that this process has held, in bytes; null where the system does not say. */
internal fun peakResidentBytes(): Long? =
    Path("/proc/self/status")
        .takeIf { it.isReadable() }
        ?.readLines()
        ?.firstOrNull { it.startsWith("VmHWM:") }
        ?.let { line -> line.filter(Char::isDigit).toLong() * KIBIBYTE }

private const val KIBIBYTE = 1024L

/** What was measured: a built-in model of these sizes. */
internal fun described(
    definition: Definition,
    options: ModelOptions,
): Map<String, Any?> =
    linkedMapOf(
        "name" to options.kind.label,
        "maps" to options.maps(definition.image()),
        "blocks" to options.blocks,
        "kernel" to options.kernel,
        "classes" to
            definition
                .conditions()
                .filterIsInstance<Condition.OneOf>()
                .firstOrNull()
                ?.count(),
    ) + describedInGeneral(definition)

/** What was measured, as far as any definition says. */
internal fun describedInGeneral(definition: Definition): Map<String, Any?> {
    val image = definition.image()
    return linkedMapOf(
        "definition" to definition.name(),
        "height" to image.height(),
        "width" to image.width(),
        "channels" to image.channels(),
        "levels" to image.levels(),
        "parameters" to definition.parameterCount(),
        "orders" to definition.orders().map { it.name().orElse("permutation") },
    )
}
