package io.weft.samples.cli

import io.weft.codec.CodedImages
import io.weft.sample.Pixel
import io.weft.sample.Pull
import io.weft.spec.ImageSpec

/**
 * What a file of coded images shows, its pixels as they are decoded. The file is read once, from
 * its beginning: parts are asked for in order, and what comes of later images is kept until then.
 */
internal class CodedDrawable private constructor(
    override val image: ImageSpec,
    private val pixels: Pull<Pixel>,
    private val kept: MutableMap<Long, MutableList<Pixel>>,
    private val first: Int,
    override val count: Int,
) : Drawable,
    AutoCloseable {
    constructor(coded: CodedImages) : this(
        coded.spec(),
        coded.pixels().iterator(),
        mutableMapOf(),
        0,
        coded.size(),
    )

    /** The file says what is decoded in lockstep. */
    override fun batch(images: Int) = this

    override fun part(
        first: Int,
        count: Int,
    ) = CodedDrawable(image, pixels, kept, first, count)

    override fun draw(show: (Pixel) -> Unit) {
        var missing = count.toLong() * image.pixels()
        for (index in first until first + count) {
            kept.remove(index.toLong())?.forEach {
                show(it)
                missing--
            }
        }
        while (missing > 0 && pixels.hasNext()) {
            val pixel = pixels.next()
            if (pixel.image() < first + count) {
                show(pixel)
                missing--
            } else {
                kept.getOrPut(pixel.image()) { mutableListOf() } += pixel
            }
        }
    }

    override fun close() = pixels.close()
}
