package io.weft.dsl

import io.kotest.core.spec.style.FreeSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.file.shouldExist
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.weft.Model
import io.weft.data.Baselines
import io.weft.data.ImageFolder
import io.weft.explain.FieldPicture
import io.weft.explain.GraphText
import io.weft.explain.Summary
import io.weft.image.Picture

/** What needs no form of its own in Kotlin serves there as it is. */
class CoreFromKotlinSpec :
    FreeSpec({
        val folder = tempdir()

        "scores are of images and of their pixels" {
            Tiny.model().use { model ->
                val scores = model.score(Tiny.TEST)
                scores.size() shouldBe 16
                scores.pixelLogLikelihoods(3).sumOf { it.toDouble() } shouldBe
                    scores.logLikelihood(3).plusOrMinus(1e-3)
                val baselines = Baselines.of(Tiny.TRAIN.images(), Tiny.TEST.images())
                baselines.marginal() shouldBeLessThan baselines.uniform()
            }
        }

        "a definition is explained as text, diagram and PNG" {
            Summary.of(Tiny.DEFINITION).text() shouldContain "blind spot"
            GraphText.dot(Tiny.DEFINITION) shouldContain "digraph"
            GraphText.mermaid(Tiny.DEFINITION) shouldContain "flowchart"
            val png = folder.resolve("field.png")
            FieldPicture.of(Tiny.DEFINITION).writePng(png.toPath())
            png.shouldExist()
        }

        "a folder of pictures is read, fitted and quantised" {
            Picture.of(Tiny.TRAIN.images(), 0).writePng(folder.resolve("0.png").toPath())
            folder.resolve("field.png").delete()
            val images =
                ImageFolder
                    .at(folder.toPath())
                    .fittedTo(8, 8)
                    .grey()
                    .read()
                    .quantised(4)
            images.fingerprint() shouldBe
                Tiny.TRAIN
                    .images()
                    .take(1)
                    .unlabelled()
                    .fingerprint()
        }

        "a slim model is sent as a zip" {
            val zip = folder.resolve("model.zip")
            Tiny.model().use { model ->
                model.withoutTrainingState().use { slim -> zip.outputStream().use(slim::save) }
                zip.inputStream().use { Model.load(it) }.use { loaded ->
                    loaded.definition() shouldBe model.definition()
                    loaded.snapshot().state().isEmpty shouldBe true
                    loaded.score(Tiny.TEST).logLikelihood(0) shouldBe
                        model.score(Tiny.TEST).logLikelihood(0)
                }
            }
        }

        "a model is exported for TensorFlow's servers" {
            Tiny.model().use { it.exportSavedModel(folder.resolve("served").toPath()) }
            folder.resolve("served/saved_model.pb").shouldExist()
        }
    })
