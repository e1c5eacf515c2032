/**
 * Sampling: images, rows or pixels as they are generated, blocking or as a stream, with randomness
 * that is a pure function of (seed, image, pixel, channel).
 */
package io.weft.sample;
