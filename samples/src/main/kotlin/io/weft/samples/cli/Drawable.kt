package io.weft.samples.cli

import io.weft.pyramid.MultiScaleSampler
import io.weft.sample.Pixel
import io.weft.sample.Sampler
import io.weft.spec.ImageSpec

/** Images that are drawn pixel by pixel, whatever draws them. */
internal interface Drawable {
    val image: ImageSpec
    val count: Int

    /** The same, so many in lockstep. */
    fun batch(images: Int): Drawable

    /** Some of them, by their indices, all in lockstep. */
    fun part(
        first: Int,
        count: Int,
    ): Drawable

    /** Draws every missing pixel once, and tells of it in its place in the image. */
    fun draw(show: (Pixel) -> Unit)
}

/** What a single model draws. */
internal class ModelDrawable(
    private val sampler: Sampler,
) : Drawable {
    override val image: ImageSpec = sampler.definition().image()
    override val count: Int = sampler.count()

    override fun batch(images: Int) = ModelDrawable(sampler.batch(images))

    override fun part(
        first: Int,
        count: Int,
    ) = ModelDrawable(sampler.firstImage(first.toLong()).count(count).batch(count))

    override fun draw(show: (Pixel) -> Unit) =
        sampler.pixels().iterator().use { it.forEachRemaining(show) }
}

/** What a pyramid draws: the small image's pixels in their places in the large one, then the rest. */
internal class PyramidDrawable(
    private val sampler: MultiScaleSampler,
) : Drawable {
    override val image: ImageSpec = sampler.definition().image()
    override val count: Int = sampler.count()

    override fun batch(images: Int) = PyramidDrawable(sampler.batch(images))

    override fun part(
        first: Int,
        count: Int,
    ) = PyramidDrawable(sampler.firstImage(first.toLong()).count(count).batch(count))

    override fun draw(show: (Pixel) -> Unit) {
        val scale = sampler.definition().scale()
        sampler.pixels().iterator().use { pixels ->
            pixels.forEachRemaining { show(scale.inLarge(it)) }
        }
    }
}
