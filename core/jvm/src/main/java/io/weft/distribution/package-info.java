/**
 * Part of declaring: distributions of a colour value, which say what a network's output means.
 * Training and scoring ask for the probabilities of levels, drawing takes a level by them.
 */
package io.weft.distribution;
