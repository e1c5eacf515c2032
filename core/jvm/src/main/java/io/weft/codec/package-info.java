/**
 * Beyond drawing and scoring, with the same program: lossless coding of images under a model. Each
 * colour value takes the bits that the model says, and the decoder, which computes the same
 * distributions to the bit on every machine ({@link io.weft.engine.Versions#arithmetic}), finds it
 * again.
 */
package io.weft.codec;
