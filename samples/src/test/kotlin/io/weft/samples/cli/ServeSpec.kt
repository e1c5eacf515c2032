package io.weft.samples.cli

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forAll
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.samples.digitModel
import java.io.PrintWriter
import java.io.StringWriter
import java.net.InetAddress
import java.net.ServerSocket
import java.net.URI
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import kotlin.concurrent.thread

/** `weft serve` from the command line; what it serves is tested in `io.weft.samples.serve`. */
class ServeSpec :
    StringSpec({
        val folder = tempdir().resolve("digits").path
        Model.initial(digitModel(), 1).use { it.save(Path.of(folder)) }

        "it says where it is, serves, and ends in good order" {
            val out = StringWriter()
            val code = CompletableFuture<Int>()
            val serving =
                thread {
                    val command = Weft.commandLine()
                    command.out = PrintWriter(out)
                    command.err = PrintWriter(StringWriter())
                    val models = arrayOf("--model-dir", folder, "--model-dir", folder)
                    code.complete(command.execute("serve", *models, "--port", "0", "--json"))
                }
            while (!out.toString().endsWith("\n")) Thread.sleep(20)
            val json = Ran(0, out.toString(), "").json()
            json["models"].map { it.asText() } shouldBe listOf("digits", "digits-2")
            val url = json["url"].asText()
            URI("${url}api/models").toURL().readText() shouldContain "digits-2"
            serving.interrupt()
            code.get() shouldBe ExitCode.OK
            out.toString().lines().size shouldBe 2
        }

        "bad options are refused" {
            val taken = ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))
            taken.use {
                val port = it.localPort.toString()
                val refusals =
                    mapOf(
                        listOf("--port", "70000") to "expected 0 to 65535",
                        listOf("--streams", "0") to "expected 1 to 64",
                        listOf("--host", "no such host") to "no such host",
                        listOf("--allow-host", "http://a.example") to "expected a name alone",
                        listOf("--allow-host", "a.example:80") to "expected a name alone",
                        listOf("--port", port) to "cannot listen on 127.0.0.1, port $port",
                    )
                refusals.toList().forAll { (options, words) ->
                    val ran = weft("serve", "--model-dir", folder, *options.toTypedArray())
                    withClue(ran) {
                        (ran.exitCode in listOf(ExitCode.FAILED, ExitCode.USAGE)) shouldBe true
                        ran.err shouldContain words
                    }
                }
            }
            weft("serve", "--model-dir", "nowhere").exitCode shouldBe ExitCode.INPUT
            val none = weft("serve", "--detector", "nowhere")
            none.exitCode shouldBe ExitCode.INPUT
            none.err shouldContain "--detector=nowhere does not exist"
            weft("serve").err shouldContain "give a --model-dir, or a --detector"
        }
    })
