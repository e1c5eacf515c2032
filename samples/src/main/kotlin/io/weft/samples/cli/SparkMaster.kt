package io.weft.samples.cli

import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.TypeConversionException
import java.io.IOException
import java.net.InetSocketAddress
import java.net.Socket
import java.net.UnknownHostException

/**
 * Where the workers of a cluster are asked for.
 *
 * @property url as Spark takes it
 */
internal class SparkMaster private constructor(
    val url: String,
) {
    /** Whether the workers are threads of this process, which has all classes already. */
    val isHere: Boolean get() = LOCAL.matches(url)

    /** Where the masters of a standalone cluster listen, of which one is enough; empty for others. */
    private val places: List<InetSocketAddress>
        get() =
            if (!url.startsWith(STANDALONE)) {
                listOf()
            } else {
                url.removePrefix(STANDALONE).split(',').map {
                    InetSocketAddress(it.substringBefore(':'), it.substringAfter(':').toInt())
                }
            }

    /** Why nobody is there, null where somebody is; Spark itself would try for a minute. */
    fun whyNobody(): String? {
        val failures =
            places.map { place ->
                try {
                    Socket().use { it.connect(place, PATIENCE_MILLIS) }
                    return null
                } catch (e: UnknownHostException) {
                    "there is no host ${place.hostString}"
                } catch (e: IOException) {
                    "${place.hostString}:${place.port}: ${e.message}"
                }
            }
        return failures.firstOrNull()
    }

    override fun toString(): String = url

    /** What a word on the command line names. */
    class Converter : ITypeConverter<SparkMaster> {
        override fun convert(word: String): SparkMaster {
            if (FORMS.none { it.matches(word) } || PORT.findAll(word).any { !isPort(it) }) {
                throw TypeConversionException(
                    "found '$word'; expected spark://HOST:PORT, local[N] for N threads of this" +
                        " machine, yarn, or k8s://HOST:PORT",
                )
            }
            return SparkMaster(word)
        }
    }

    private companion object {
        const val STANDALONE = "spark://"
        const val PLACE = "[^/,:\\s]+:\\d{1,5}"
        const val PATIENCE_MILLIS = 10_000
        const val LAST_PORT = 65_535

        val PORT = Regex(":(\\d+)")

        fun isPort(found: MatchResult) = found.groupValues[1].toIntOrNull() in 1..LAST_PORT

        /** With how often a task may fail after the threads. */
        val LOCAL = Regex("""local(\[(\*|[1-9]\d*)(,\s*[1-9]\d*)?])?""")

        val FORMS =
            listOf(
                LOCAL,
                Regex("""local-cluster\[\d+,\s*\d+,\s*\d+]"""),
                Regex("$STANDALONE$PLACE(,$PLACE)*"),
                Regex("yarn"),
                Regex("k8s://\\S+"),
            )
    }
}
