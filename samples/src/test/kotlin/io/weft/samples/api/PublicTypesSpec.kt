package io.weft.samples.api

import com.tngtech.archunit.core.domain.JavaClass
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.weft.samples.Repository.ROOT
import io.weft.samples.api.needs.Model
import io.weft.samples.api.needs.Orphan
import io.weft.samples.docs.Page
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.extension
import kotlin.io.path.readText
import kotlin.io.path.walk

/** Public is what a user needs. */
@OptIn(ExperimentalPathApi::class)
class PublicTypesSpec :
    StringSpec({
        /** Those who use core: dsl, the samples, and the code that pages show. */
        val users =
            listOf("dsl", "samples", "samples/java-caller", "samples/jvm-only")
                .flatMap { listOf(ROOT / it / "src" / "main", ROOT / it / "src" / "test" / "java") }
                .filter { it.exists() }
                .flatMap { it.walk() }
                .filter { it.extension == "kt" || it.extension == "java" } +
                Page.ALL
                    .flatMap { it.blocks }
                    .mapNotNull { SOURCE.find(it.comment)?.value }
                    .map { ROOT / it }

        "every public type of core has a user, or belongs to what one needs" {
            val imported =
                users
                    .flatMap { IMPORT.findAll(it.readText()).map { found -> found.groupValues[1] } }
                    .toSet()
            val shown =
                Page.ALL
                    .flatMap { it.code }
                    .flatMap { WORD.findAll(it).map { found -> found.value } }
                    .toSet()
            val core =
                Compiled.WEFT
                    .filterNot { it.packageName.startsWith("io.weft.dsl") }
                    .filterNot { it.packageName.startsWith("io.weft.samples") }
                    // A file of Kotlin functions, which are imported by their own names.
                    .filterNot { it.simpleName.endsWith("Kt") }
            withClue(
                "make them package-private, move them below io.weft.internal, or, where Weft's" +
                    " own packages meet in them, mark them with @Seam",
            ) {
                PublicTypes(core, "io.weft") {
                    it.importName() in imported || it.simpleName in shown
                }.unneeded() shouldBe emptyList()
            }
        }

        "what nobody needs is found" {
            val root = Model::class.java.packageName
            val types = Compiled.importer().importPackages(root)
            PublicTypes(types, root) { it.isEquivalentTo(Model::class.java) }
                .unneeded() shouldBe listOf(Orphan::class.java.name)
        }
    }) {
    private companion object {
        val IMPORT = Regex("""^import (?:static )?(io\.weft\.[\w.]+)""", RegexOption.MULTILINE)
        val WORD = Regex("""\b[A-Z]\w+""")
        val SOURCE = Regex("""^\S+\.(kt|java)(?= )""")

        fun JavaClass.importName() = name.replace('$', '.')
    }
}
