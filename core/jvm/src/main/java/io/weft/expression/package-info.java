/**
 * The step language: what a layer computes at one position, as a value that TensorFlow, the
 * incremental sampler and the causality proof all read.
 */
package io.weft.expression;
