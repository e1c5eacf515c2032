/**
 * Beside the road, after the proof ({@link io.weft.prove}): models explained to people, by a table,
 * a drawing of the layer graph in Mermaid or DOT, pictures of kernels, receptive fields and blind
 * spots.
 */
package io.weft.explain;
