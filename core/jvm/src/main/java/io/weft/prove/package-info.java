/**
 * The road's second step, between declaring ({@link io.weft.define}) and all that is compiled: the
 * causality proof, what it says of a leak, and what the same algebra shows, receptive fields and
 * blind spots.
 */
package io.weft.prove;
