/**
 * Part of training ({@link io.weft.train}): how gradients become steps, optimisers and their
 * learning rates, as values.
 */
package io.weft.optimise;
