/** The layer graph of a model as data: nodes, what they read, and what the model is of. */
package io.weft.graph;
