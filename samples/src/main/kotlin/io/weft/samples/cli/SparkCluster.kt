package io.weft.samples.cli

import io.weft.spark.Fleet
import org.apache.spark.SparkConf
import org.apache.spark.api.java.JavaSparkContext
import java.nio.file.Path
import java.util.Properties
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.inputStream
import kotlin.io.path.listDirectoryEntries

/** An application on a cluster. Here alone Spark's classes are named, which may be missing. */
internal object SparkCluster {
    /** Works with the workers of a cluster, of which Spark shows the work as [name]. */
    fun <T> use(
        master: SparkMaster,
        name: String,
        work: (Fleet) -> T,
    ): T = started(master, name).use { spark -> Fleet.on(spark).use(work) }

    private fun started(
        master: SparkMaster,
        name: String,
    ): JavaSparkContext =
        try {
            JavaSparkContext(conf(master, name))
        } catch (e: Exception) {
            val reason = e.message?.lines()?.firstOrNull { it.isNotBlank() } ?: "$e"
            throw WorkException(
                "Spark does not start on $master: $reason; it gives up where no master answers," +
                    " and where spark.authenticate.secret is not the cluster's; above it says more",
                e,
            )
        }

    /**
     * What was asked for of Spark by system properties (`WEFT_JAVA_OPTS`, `spark-submit`), then in
     * Spark's own file of defaults, then what Weft needs.
     */
    private fun conf(
        master: SparkMaster,
        name: String,
    ): SparkConf {
        val conf = SparkConf().setMaster(master.url)
        (defaults() + settings(name)).forEach { (key, value) -> conf.setIfMissing(key, value) }
        // Threads of this process have its classes; others are sent them.
        if (!master.isHere) conf.setIfMissing("spark.jars", jars().joinToString(","))
        return conf
    }

    /** What `spark-submit` reads too. */
    private fun defaults(): Map<String, String> {
        val folder =
            System.getenv("SPARK_CONF_DIR")?.let { Path.of(it) }
                ?: System.getenv("SPARK_HOME")?.let { Path.of(it, "conf") }
        val file = folder?.div("spark-defaults.conf")?.takeIf { it.exists() } ?: return mapOf()
        val read = Properties().apply { file.inputStream().use(::load) }
        return read.stringPropertyNames().associateWith { read.getProperty(it).trim() }
    }

    /** As the page on clusters says, with the reasons. */
    private fun settings(name: String): Map<String, String> =
        mapOf(
            "spark.app.name" to name,
            "spark.ui.showConsoleProgress" to "false",
            "spark.broadcast.compress" to "false",
            "spark.task.maxDirectResultSize" to "64m",
            "spark.executorEnv.TF_OVERRIDE_GLOBAL_THREADPOOL" to "1",
            "spark.executorEnv.TF_CPP_MIN_LOG_LEVEL" to "2",
            "spark.executor.extraJavaOptions" to
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -XX:+UseParallelGC",
        )

    /** Weft's own jars and what they need. */
    private fun jars(): List<Path> {
        val own = Path.of(SparkCluster::class.java.protectionDomain.codeSource.location.toURI())
        return own.parent.listDirectoryEntries("*.jar")
    }
}
