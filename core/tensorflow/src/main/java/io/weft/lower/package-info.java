/**
 * Below training and scoring, for the authors of layers: what they meet of TensorFlow, where the
 * expression language alone is too slow.
 */
package io.weft.lower;
