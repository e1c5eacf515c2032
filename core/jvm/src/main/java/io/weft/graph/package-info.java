/** The layer graph of a model as data: images, conditions, nodes, distribution, order. */
package io.weft.graph;
