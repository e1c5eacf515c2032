package io.weft.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.StringSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.weft.Model
import io.weft.codec.Codec
import io.weft.data.EmbeddedDigits
import io.weft.data.Examples
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.flow.fold
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.File
import kotlin.io.path.readBytes

/** The codec from Kotlin: suspending, and pixels as a flow while they are decoded. */
class CodingSpec :
    StringSpec({
        val digits =
            EmbeddedDigits
                .count(6)
                .size(8)
                .levels(4)
                .grey()
        val definition =
            gatedPixelCnn(digits.spec()) {
                blocks(1)
                maps(4)
            }
        val codec = Model.initial(definition, 1).use { Codec.of(it) }

        "images are coded, written, opened and decoded" {
            val file = File(tempdir(), "digits.weft").toPath()
            codec.imagesPerBlock(2).encodeSuspending(Examples.of(digits)).saveSuspending(file)

            val coded = codec.openSuspending(file)
            coded.decodeSuspending().images().fingerprint() shouldBe
                digits.unlabelled().fingerprint()
            coded.imageSuspending(3).levels() shouldBe digits.image(3)
            val stream = ByteArrayOutputStream()
            coded.writeToSuspending(stream)
            stream.toByteArray() shouldBe file.readBytes()
            val read = codec.readSuspending(ByteArrayInputStream(stream.toByteArray()))
            read.imageSuspending(3) shouldBe coded.imageSuspending(3)

            val streamed =
                coded.pixels().asFlow().fold(List(6) { IntArray(64) }) { images, pixel ->
                    images.apply {
                        this[pixel.image().toInt()][pixel.row() * 8 + pixel.column()] =
                            pixel.values().single()
                    }
                }
            streamed.map { it.toList() } shouldBe List(6) { digits.image(it).toList() }
        }

        "labels are read without the images" {
            val classes =
                gatedPixelCnn(digits.spec()) {
                    blocks(1)
                    maps(4)
                    classCondition("class", 10)
                }
            val labelled = Model.initial(classes, 1).use { Codec.of(it) }
            val coded =
                labelled.imagesPerBlock(4).encodeSuspending(Examples.labelled(digits, "class"))
            coded.labelsSuspending("class").toList() shouldBe List(6) { digits.label(it) }
        }

        "whoever has seen enough stops decoding" {
            val coded = codec.encodeSuspending(Examples.of(digits))
            coded.pixels().asFlow().take(5).toList().size shouldBe 5
            shouldThrow<CancellationException> {
                coded.pixels().asFlow().collect { throw CancellationException("enough") }
            }
            coded.decodeSuspending().size() shouldBe 6
        }
    })
