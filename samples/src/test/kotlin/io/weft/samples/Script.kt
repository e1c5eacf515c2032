package io.weft.samples

import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import java.io.File
import java.nio.file.Path
import kotlin.io.path.name

/** Kotlin's own compiler for scripts. */
internal object Script {
    private val COMPILER = Regex("^(kotlin-|kotlinx-coroutines-core-jvm|annotations-)")

    /** In a process of its own, since the compiler gives a script its own class loader. */
    fun run(
        script: Path,
        vararg arguments: String,
    ): String {
        // The recorder of the API brings classes of a second compiler.
        val modules =
            System
                .getProperty("java.class.path")
                .split(File.pathSeparator)
                .filterNot { Path.of(it).name.startsWith("kotlin-klib-abi-reader") }
        val compiler = modules.filter { COMPILER.containsMatchIn(Path.of(it).name) }
        val process =
            ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                *arrayOf("-Xmx1g", "--add-modules", "jdk.incubator.vector"),
                *arrayOf("-cp", compiler.joinToString(File.pathSeparator)),
                "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
                *arrayOf("-no-stdlib", "-no-reflect"),
                *arrayOf("-cp", modules.joinToString(File.pathSeparator)),
                *arrayOf("-script", script.toString()),
                *arguments,
            ).redirectErrorStream(true).start()
        process.outputStream.close()
        val said = process.inputStream.readAllBytes().decodeToString()
        withClue(said) { process.waitFor() shouldBe 0 }
        return said
    }
}
