package io.weft.samples.api

import io.kotest.assertions.fail
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

/**
 * The public API is what the files `api/weft-*.api` say. Whoever changes the API changes the file
 * too, on purpose, and a reviewer sees it.
 */
class PublicApiSpec :
    StringSpec({
        PublicApi.entries.forEach { api ->
            "the API of ${api.module} is the recorded one" {
                val actual = api.actual()
                if (System.getProperty("api") == "accept") api.record(actual)
                val changes = PublicApi.changes(api.recorded(), actual)
                if (changes.isNotEmpty()) fail(message(api, changes))
            }
        }

        "what is public is in it, and nothing else" {
            val core = PublicApi.CORE.actual()
            core shouldContain "public final class io/weft/define/Definition "
            core shouldNotContain "io/weft/sample/BoundEngine "
            val dsl = PublicApi.DSL.actual()
            dsl shouldContain "fun pixelModel "
            dsl shouldNotContain "io/weft/dsl/Setting "
        }

        "what is gone and what is new are changes, also in a class of many" {
            val recorded = "class p/A : p/I {\n\tfun one ()V\n}\nclass p/B {\n\tfun one ()V\n}\n"
            PublicApi.changes(recorded, recorded).shouldBeEmpty()
            PublicApi.changes(
                recorded,
                recorded.dropLast(14) + "\tfun two ()V\n}\n",
            ) shouldContainExactly
                listOf("gone: fun one ()V  in  p/B", "new:  fun two ()V  in  p/B")
            PublicApi.changes(recorded, recorded.replace(" : p/I", "")) shouldContainExactly
                listOf("gone: class p/A : p/I", "new:  class p/A")
        }
    }) {
    private companion object {
        fun message(
            api: PublicApi,
            changes: List<String>,
        ): String =
            """
            |The public API of ${api.module} differs from ${api.recordedIn}:
            |${changes.joinToString("\n") { "  $it" }}
            |What is gone breaks callers: keep it, unless that is meant. What is new stays for long: make it
            |package-private or internal, unless that is meant. If it is, record it, and commit the file:
            |  mvn -q -pl samples -am test -Dtest=PublicApiSpec -Dsurefire.failIfNoSpecifiedTests=false -Dapi=accept
            """.trimMargin()
    }
}
