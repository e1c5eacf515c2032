package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.data.Example
import io.weft.data.Examples
import io.weft.spec.ConditionValues
import io.weft.spec.ImageSpec
import io.weft.train.TrainingOptions

class OwnExamplesSpec :
    StringSpec({
        val labels = Tiny.DEFINITION.classCondition()

        /** As somebody has them elsewhere. */
        class Rows(
            private val table: List<Pair<IntArray, Int>>,
        ) : Examples {
            override fun spec(): ImageSpec = Tiny.DEFINITION.image()

            override fun size() = table.size

            override fun image(index: Int): IntArray = table[index].first

            override fun conditions(index: Int): ConditionValues =
                ConditionValues.none().withLabel("digit", table[index].second)
        }

        val rows =
            List(Tiny.TRAIN.size()) {
                Tiny.TRAIN.image(it) to Tiny.TRAIN.conditions(it).label(labels)
            }
        val options = TrainingOptions.seed(3).epochs(2).batch(10).build()

        fun bits(examples: Examples): Double =
            Tiny.model().use {
                it.train(examples, options)
                it.score(Tiny.TEST).bitsPerDimension()
            }

        "own examples and a sequence train as a set in memory does" {
            val expected = bits(Tiny.TRAIN)
            bits(Rows(rows)) shouldBe expected
            val sequence =
                rows.asSequence().map { (image, label) ->
                    Example.of(image, ConditionValues.none().withLabel("digit", label))
                }
            bits(sequence.streamedExamples(Tiny.DEFINITION.image(), buffer = 64)) shouldBe expected
        }

        "a sequence that cannot begin anew is refused" {
            val once = rows.map { Example.of(it.first) }.iterator().asSequence()
            val examples =
                shouldThrow<IllegalStateException> {
                    once.streamedExamples(Tiny.DEFINITION.image(), buffer = 8).image(0)
                }
            examples.message shouldContain "can be consumed only once"
        }
    })
