/**
 * Quantised images and where they come from: the embedded digits, IDX (MNIST), CIFAR-10 and folders
 * of pictures. {@link io.weft.data.ImageSet} is what training, scoring and completion read.
 *
 * <p>A mistake in a call is an {@link IllegalArgumentException} or {@link
 * IndexOutOfBoundsException}; a file that is not what it should be is a {@link
 * io.weft.data.DataFormatException}.
 */
package io.weft.data;
