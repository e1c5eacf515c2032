/**
 * Declaring's first word: what a model is of, its images, its conditions and the names of classes.
 */
package io.weft.spec;
