/** Distributions of a colour value: what a network's output means, and how levels are drawn. */
package io.weft.distribution;
