package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.data.Examples
import io.weft.data.ImageSet
import io.weft.layer.MaskType
import io.weft.spec.Condition
import io.weft.spec.ImageSpec
import kotlinx.coroutines.flow.toList

class ClassNamesSpec :
    StringSpec({
        val spec = ImageSpec(4, 4, 1, 2)
        val animals = listOf("cat", "dog", "elk")

        fun labelled(
            names: List<String>,
            vararg labels: Int,
        ): Examples =
            Examples.labelled(
                ImageSet.of(spec, IntArray(labels.size * 16) { it % 2 }).labelled(labels, names),
                "animal",
            )

        val definition =
            pixelModel("zoo") {
                val x = image(spec)
                val animal = classCondition("animal", animals)
                softmax(x.causalConv(4, 3, MaskType.A).conditionedOn(animal).relu().conv1x1(2))
            }

        "a model declared with names takes data by their names" {
            definition.conditions() shouldBe listOf(Condition.OneOf("animal", animals))
            Model.initial(definition, 1).use { model ->
                model.trainSuspending(labelled(animals, 0, 1, 2, 0), seed = 1) { steps = 3 }
                val here = model.score(labelled(animals, 2, 1, 2)).toString()
                model.score(labelled(listOf("dog", "elk"), 1, 0, 1)).toString() shouldBe here
                shouldThrow<IllegalArgumentException> {
                    model.score(labelled(listOf("dog", "fox"), 1, 0, 1))
                }.message shouldContain "are cat, dog, elk; the data's are dog, fox"
            }
        }

        "images are classified, suspending as well" {
            Model.initial(definition, 1).use { model ->
                val images = Examples.of(labelled(animals, 0, 1, 2).images())
                val found = model.classifySuspending(images)
                found.classes().list() shouldBe animals
                found.probabilities(1) shouldBe model.classify(images).probabilities(1)
            }
        }

        "images are drawn under a class by its name, and by its number" {
            Model.initial(definition, 3).use { model ->
                val byNumber = model.sampleImages(count = 4, seed = 1) { label { it % 3 } }.toList()
                model
                    .sampleImages(
                        count = 4,
                        seed = 1,
                    ) { label { animals[it % 3] } }
                    .toList() shouldBe
                    byNumber
                model
                    .sampleImages(count = 4, seed = 1) { label("animal") { animals[it % 3] } }
                    .toList() shouldBe byNumber
                shouldThrow<IllegalArgumentException> {
                    model.sampleImages(count = 1, seed = 1) { label { "fox" } }.toList()
                }.message shouldContain "no class \"fox\"; the classes are cat, dog, elk"
            }
        }
    })
