package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.io.File

/**
 * TensorFlow's native library cannot be unpacked, or is not there: one line that says why and what
 * to do. Disks without room and the like are made where this user may mount some, on Linux as root
 * or where users may mount in a namespace; elsewhere those tests are skipped.
 */
class NoLibrarySpec :
    StringSpec({
        val folder = tempdir()
        val disk = File(folder, "disk").apply { mkdir() }
        val model = File(folder, "model").path

        beforeSpec {
            val tiny = "train --data embedded --size 8 --levels 2 --blocks 1 --maps 4 --limit 8"
            weft(*words("$tiny --steps 1 --out"), model).exitCode shouldBe 0
        }

        fun score(vararg java: String) =
            OwnProcess.words(
                listOf(*java),
                *words("score --data embedded --limit 2 --model-dir"),
                model,
            )

        fun refused(
            said: List<String>,
            advised: String,
            ran: Ran,
        ) = withClue(ran) {
            ran.exitCode shouldBe ExitCode.FAILED
            ran.out shouldBe ""
            val line = ran.err.trimEnd()
            line.lines().size shouldBe 1
            said.forEach { line shouldContain it }
            line shouldContain advised
            line shouldNotContain "Exception"
            ApiTalk.inText(line.replace(folder.path, "")).shouldBeEmpty()
        }

        val elsewhere = "WEFT_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=FOLDER"
        val cache = "-Dorg.bytedeco.javacpp.cachedir=$disk/cache"

        /** Runs a command with a small file system at [disk], seen by nobody else. */
        fun onDisk(
            options: String,
            then: String,
            command: List<String>,
        ) = OwnProcess.run(
            OWN_MOUNTS.orEmpty() +
                listOf("sh", "-c", "mount -t tmpfs -o $options tmpfs \$0 && $then exec \"\$@\"") +
                disk.path +
                command,
            folder,
        )

        "a disk without room".config(enabled = OWN_MOUNTS != null) {
            refused(
                listOf("cannot be unpacked to $disk/cache", "MB more, and there is room for"),
                elsewhere,
                onDisk("size=100m", "", score(cache)),
            )
        }

        "what a full disk left behind is mended when there is room".config(
            enabled = OWN_MOUNTS != null,
        ) {
            val again = "\"\$@\"; mount -o remount,size=2g \$0 &&"
            val ran = onDisk("size=300m", again, score(cache))
            withClue(ran) {
                ran.exitCode shouldBe ExitCode.OK
                ran.err shouldContain "there is room for"
                ran.out shouldContain "bits per dimension"
            }
        }

        "a disk that runs no programs".config(enabled = OWN_MOUNTS != null) {
            refused(
                listOf("$disk/cache", "does not let programs run from it (noexec)"),
                elsewhere,
                onDisk("size=2g,noexec", "", score(cache)),
            )
        }

        "home and temporary folders that may not be written".config(enabled = OWN_MOUNTS != null) {
            refused(
                listOf("there is no folder to unpack it to", "$disk/h", "$disk/t", "read-only"),
                elsewhere,
                onDisk(
                    "size=1m",
                    "mount -o remount,ro \$0 &&",
                    score("-Duser.home=$disk/h", "-Djava.io.tmpdir=$disk/t"),
                ),
            )
        }

        "home and temporary folders that are none" {
            val file = File(folder, "file").apply { writeText("") }
            refused(
                listOf("there is no folder to unpack it to", "is below a file, $file"),
                elsewhere,
                OwnProcess.run(score("-Duser.home=$file", "-Djava.io.tmpdir=$file"), folder),
            )
        }

        "a class path without the library" {
            val without =
                System
                    .getProperty("java.class.path")
                    .split(File.pathSeparator)
                    .filterNot { "tensorflow-core-native" in it && "linux" in it }
                    .joinToString(File.pathSeparator)
            refused(
                listOf("there is none for this platform on the class path"),
                "Build the command line on this machine",
                OwnProcess.run(
                    OwnProcess.words(
                        listOf(),
                        *words("score --data embedded --limit 2 --model-dir"),
                        model,
                        classPath = without,
                    ),
                    folder,
                ),
            )
        }
    }) {
    private companion object {
        fun words(line: String) = line.split(' ').toTypedArray()

        /** The command that runs another with mounts of its own; null where there is none. */
        val OWN_MOUNTS: List<String>? =
            listOf("-m", "-rm").map { listOf("unshare", it) }.firstOrNull { command ->
                val probe = command + listOf("mount", "-t", "tmpfs", "tmpfs", "/mnt")
                runCatching { ProcessBuilder(probe).start().waitFor() == 0 }.getOrDefault(false)
            }
    }
}
