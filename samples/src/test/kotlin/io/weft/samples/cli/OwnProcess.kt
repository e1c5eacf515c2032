package io.weft.samples.cli

import java.io.File
import java.nio.file.Path

/** A main in a process of its own, which may be short of memory, disks or folders. */
internal object OwnProcess {
    /** The words that start it: with little of Java's own memory, and quickly. */
    fun words(
        java: List<String>,
        vararg arguments: String,
        classPath: String = System.getProperty("java.class.path"),
        program: String = "io.weft.samples.cli.Weft",
    ): List<String> =
        listOf(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:CompressedClassSpaceSize=64m",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            *java.toTypedArray(),
            "-cp",
            classPath,
            program,
            *arguments,
        )

    /** Runs [command] in [folder]. */
    fun run(
        command: List<String>,
        folder: File,
    ): Ran {
        val err = File.createTempFile("err", ".txt", folder)
        val process =
            ProcessBuilder(command)
                .directory(folder)
                .redirectError(err)
                .apply { environment()["TF_CPP_MIN_LOG_LEVEL"] = "3" }
                .start()
        process.outputStream.close()
        val out = process.inputStream.readAllBytes().decodeToString()
        return Ran(process.waitFor(), out, err.readText())
    }
}
