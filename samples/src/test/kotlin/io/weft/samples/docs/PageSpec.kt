package io.weft.samples.docs

import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempfile
import io.kotest.inspectors.forAll
import io.kotest.matchers.shouldBe
import io.weft.samples.Repository.ROOT
import kotlin.io.path.div

/** What is wrong in a page is found. */
class PageSpec :
    StringSpec({
        val file = tempfile("page", ".md")
        file.writeText(
            """
            # A page, and `more`

            [There](#a-page-and-more), [not](#elsewhere), ![gone](gone.png), [far](https://example.org).
            In words `weft demo`, not `[a](b)`.

            <!-- some/File.java region -->
            ```java
            [in](code);
            ```
            ```sh
            weft sample --model-dir digits \
              --count 3   # draws three
            mvn -q package && weft demo
            ```
            """.trimIndent(),
        )
        val page = Page(file.toPath())

        "blocks, code and commands are read" {
            page.blocks.map { it.language } shouldBe listOf("java", "sh")
            page.blocks[0].comment shouldBe "some/File.java region"
            page.blocks[0].text shouldBe "[in](code);"
            page.code shouldBe listOf("more", "weft demo", "[a](b)")
            page.commands shouldBe
                listOf("weft sample --model-dir digits --count 3", "mvn -q package", "weft demo")
        }

        "links that lead nowhere are found" {
            page.links shouldBe listOf("#a-page-and-more", "#elsewhere", "gone.png")
            page.links.map { page.fault(it) == null } shouldBe listOf(true, false, false)
        }

        "commands that nobody would understand are found" {
            listOf(
                "weft train --unknown",
                "weft paint",
                "weft score --model-dir digits",
                "mvn launch",
                "mvn -pl nowhere test",
                "mvn verify -Dmystery=1",
                "mvn verify -Pmystery",
                "mvn -pl core/all -am test -Dtest=GoneTest",
                "mvn -pl dsl test -Dtest=DocumentsSpec",
                "java -cp \"samples/target/weft/lib/*\" io.weft.samples.NothingKt",
                "java -cp elsewhere io.weft.samples.RefusedKt",
                "curl example.org",
            ).forAll { shouldThrowAny { Commands.check(it) } }
            Commands.check("mvn -pl samples -am test -Dtest=DocumentsSpec -Dapi=accept")
            Commands.check("mvn package -Psite -DskipTests -pl samples/site -am")
            Commands.check("java -cp \"samples/target/weft/lib/*\" io.weft.samples.RefusedKt")
            Commands.check("WEFT_JAVA_OPTS=-Xmx2g samples/target/weft/bin/weft demo")
        }

        "a region that is not there is found" {
            shouldThrowAny {
                region(
                    ROOT / "samples/src/main/kotlin/io/weft/samples/Refused.kt",
                    "b",
                )
            }
        }
    })
