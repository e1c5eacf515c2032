/**
 * Models explained to people: a table, a drawing of the layer graph in Mermaid or DOT, pictures of
 * kernels, receptive fields and blind spots.
 */
package io.weft.explain;
