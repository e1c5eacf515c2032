package io.weft.samples.api

import io.weft.define.Definition
import io.weft.dsl.ModelScope
import io.weft.dsl.dataframe.ScoreRow
import io.weft.explain.HtmlReport
import io.weft.internal.tensorflow.TensorFlowProvider
import io.weft.samples.Repository
import io.weft.spark.Fleet
import io.weft.watch.LossCurves
import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiTools
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createParentDirectories
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.extension
import kotlin.io.path.isDirectory
import kotlin.io.path.readText
import kotlin.io.path.toPath
import kotlin.io.path.walk
import kotlin.io.path.writeText

/** What others program against, by one class of each of its modules, and its recorded API. */
internal enum class PublicApi(
    private val folder: String,
    private vararg val members: Class<*>,
) {
    CORE(
        "core",
        Definition::class.java,
        TensorFlowProvider::class.java,
        HtmlReport::class.java,
        LossCurves::class.java,
    ),
    DSL("dsl", ModelScope::class.java),
    DATAFRAME("dsl/dataframe", ScoreRow::class.java),
    SPARK("samples/spark", Fleet::class.java),
    ;

    val module = name.lowercase()

    /** From the root of the repository. */
    val recordedIn = "$folder/api/weft-$module.api"

    private val file: Path = Repository.ROOT / recordedIn

    /** Returns what the file says. */
    fun recorded(): String = if (file.exists()) file.readText() else ""

    fun record(api: String) = file.createParentDirectories().writeText(api)

    /** Returns what the module's classes have: as Kotlin's tool prints it, classes by name. */
    fun actual(): String =
        buildString {
            AbiTools
                .getInstance(
                    AbiTools::class.java.classLoader,
                ).printJvmDump(this, classes(), NOT_INTERNAL)
        }

    /** A folder of classes under `mvn test`, a jar under `mvn verify`. */
    @OptIn(ExperimentalPathApi::class)
    private fun classes() =
        members.map { it.protectionDomain.codeSource.location.toURI().toPath() }.flatMap { place ->
            if (place.isDirectory()) {
                place.walk().filter { it.extension == "class" }.map { it.toFile() }.toList()
            } else {
                listOf(place.toFile())
            }
        }

    companion object {
        private val NOT_INTERNAL =
            AbiFilters(
                includedClasses = emptySet(),
                excludedClasses = setOf("io.weft.internal.**"),
                includedAnnotatedWith = emptySet(),
                excludedAnnotatedWith = setOf("io.weft.internal.Seam"),
            )

        /** Returns the members that only one of two APIs has, each with its class. */
        fun changes(
            recorded: String,
            actual: String,
        ): List<String> {
            val (before, after) = members(recorded) to members(actual)
            return (before - after).map { "gone: $it" } + (after - before).map { "new:  $it" }
        }

        private fun members(api: String): Set<String> {
            var owner = ""
            return api
                .lines()
                .filter { it.isNotBlank() && it != "}" }
                .map { line ->
                    if (line.startsWith("\t")) {
                        "${line.trim()}  in  $owner"
                    } else {
                        line.removeSuffix(" {").also {
                            owner =
                                it.substringBefore(" : ").substringAfterLast(' ')
                        }
                    }
                }.toSet()
        }
    }
}
