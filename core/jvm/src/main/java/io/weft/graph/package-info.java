/**
 * What declaring gives and the proof reads: the layer graph of a model as data, its nodes, what
 * they read, and what the model is of.
 */
package io.weft.graph;
