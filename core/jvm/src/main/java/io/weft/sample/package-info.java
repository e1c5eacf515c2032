/**
 * After training ({@link io.weft.train}), beside scoring ({@link io.weft.score}): drawing. Images,
 * rows or pixels as they are generated, blocking or as a stream, by the program that is compiled
 * from the proof ({@link io.weft.prove}), with randomness that is a pure function of (seed, image,
 * pixel, channel).
 */
package io.weft.sample;
