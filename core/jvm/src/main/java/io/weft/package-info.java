/** Weft's main entry: a model that trains, scores, samples and is saved. */
package io.weft;
