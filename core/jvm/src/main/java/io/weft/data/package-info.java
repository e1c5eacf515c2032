/**
 * Before the road begins, images: quantised, and where they come from: the embedded digits, IDX
 * (MNIST), CIFAR-10 and folders of pictures. {@link io.weft.data.ImageSet} is what training ({@link
 * io.weft.train}), scoring and completion read; what a model is declared for ({@link io.weft.spec})
 * has to be what they are.
 *
 * <p>A mistake in a call is an {@link IllegalArgumentException} or {@link
 * IndexOutOfBoundsException}; a file that is not what it should be is a {@link
 * io.weft.data.DataFormatException}.
 */
package io.weft.data;
