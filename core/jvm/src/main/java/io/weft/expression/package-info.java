/**
 * Below declaring, for the authors of layers: the expression language, in which a layer says what
 * it computes at one position, as a value that the causality proof, TensorFlow and the incremental
 * sampler all read.
 */
package io.weft.expression;
