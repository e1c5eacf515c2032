/**
 * Lossless coding of images under a model: each colour value takes the bits that the model says,
 * and the decoder, which computes the same distributions to the bit on every machine ({@link
 * io.weft.engine.Versions#arithmetic}), finds it again.
 */
package io.weft.codec;
