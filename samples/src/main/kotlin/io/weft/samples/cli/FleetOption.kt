package io.weft.samples.cli

import io.weft.Model
import io.weft.spark.Fleet
import picocli.CommandLine.Model.CommandSpec
import picocli.CommandLine.Option
import picocli.CommandLine.Spec
import java.nio.file.Path
import java.util.concurrent.CancellationException

/** Whether the workers of a cluster do a command's work. */
internal class FleetOption {
    @Option(
        names = [SPARK],
        order = LAST_OPTIONS - 2,
        paramLabel = "MASTER",
        converter = [SparkMaster.Converter::class],
        description = [
            "Have the workers of a cluster of Apache Spark 4 do the work, with the same bits:" +
                " spark://HOST:PORT, local[N] for N threads of this machine, yarn or" +
                " k8s://HOST:PORT. Takes Spark from SPARK_HOME.",
        ],
    )
    private var master: SparkMaster? = null

    @Spec(Spec.Target.MIXEE)
    private lateinit var command: CommandSpec

    /** Whether they do. */
    val isGiven: Boolean get() = master != null

    /** The option as it was given. */
    private val given: String get() = "$SPARK=$master"

    /**
     * Refuses options without a meaning on a cluster, and a cluster without Spark or without master.
     *
     * @param others such options of the command's own, and what to do in place of them
     */
    fun check(
        others: Map<String, String>,
        misuse: (String) -> Nothing,
    ) {
        if (!isGiven) return
        val refused = mapOf(THREADS to CORES) + others
        refused.forEach { (option, instead) ->
            if (isMatched(option)) misuse("$option does not go with $given; $instead")
        }
        if (!isSparkThere()) misuse("$given: ${missing(System.getenv(HOME))}")
        checkNotNull(master).whyNobody()?.let {
            misuse("$given: no master answers ($it); its log and its page say its address")
        }
    }

    /** Whether an option was given, and is not at its default. */
    fun isMatched(option: String): Boolean =
        command.commandLine().parseResult.hasMatchedOption(option)

    /**
     * Returns the model that the workers draw with, null where no workers are asked for.
     *
     * @throws InputException if it is no single model
     */
    fun drawing(saved: Saved): Model? =
        when {
            !isGiven -> null

            saved is Saved.One -> saved.model

            else -> throw InputException(
                "$given draws with a single model, not with a multi-scale one",
            )
        }

    /** Works with the workers that are asked for; Ctrl-C cancels what they do. */
    fun <T> use(
        stop: StopSignal,
        work: (Fleet) -> T,
    ): T =
        onCluster { fleet ->
            stop.during {
                try {
                    work(fleet)
                } catch (e: RuntimeException) {
                    // Spark hears of Ctrl-C by itself, and may end its jobs first.
                    if (stop.isGiven) throw CancellationException() else throw e
                }
            }
        }

    /** Works with who computes gradients. */
    fun <T> gradients(work: (Gradients) -> T): T =
        if (isGiven) onCluster { work(Gradients(it)) } else work(Gradients(null))

    private fun <T> onCluster(work: (Fleet) -> T): T =
        SparkCluster.use(checkNotNull(master), command.qualifiedName(), work)

    companion object {
        /** The option. */
        const val SPARK = "--spark"

        private const val THREADS = "--threads"
        private const val HOME = "SPARK_HOME"
        private const val CORES =
            "the cluster says how many cores there are, as local[N] does of this machine"

        private fun isSparkThere(): Boolean =
            try {
                val here = FleetOption::class.java.classLoader
                Class.forName("org.apache.spark.api.java.JavaSparkContext", false, here)
                true
            } catch (_: ClassNotFoundException) {
                false
            }

        private fun missing(home: String?): String {
            val found =
                home?.let { "there is no Spark in $HOME, $it (no ${Path.of(it, "jars")})" }
                    ?: "there is no Spark, which does not come with Weft"
            return "$found. Set $HOME to the folder of a Spark 4, as spark.apache.org has it, or" +
                " start Weft with Spark's own spark-submit."
        }
    }
}
