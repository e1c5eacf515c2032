package io.weft.samples.cli

import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.advice.Advice
import picocli.CommandLine.Model.CommandSpec

class DoctorSpec :
    StringSpec({
        "weft doctor says the same to people and to machines" {
            val people = weft("doctor")
            people.exitCode shouldBe ExitCode.OK
            val findings =
                ObjectMapper().readTree(weft("doctor", "--json").out)["findings"].toList()
            findings.map { it["subject"].asText() } shouldContainAll
                listOf("Java", "memory", "TensorFlow", "GPU")
            for (finding in findings) {
                people.out shouldContain "${finding["verdict"].asText()} "
                people.out shouldContain "${finding["subject"].asText()}: "
                val advice = finding["advice"]
                if (!advice.isNull) people.out shouldContain advice.asText()
            }
        }

        "every advice has a sentence in options" {
            val advice = OptionAdvice(CommandSpec.create())
            for (one in Advice.entries) {
                advice.sentence(one).endsWith(".") shouldBe true
            }
        }
    })
