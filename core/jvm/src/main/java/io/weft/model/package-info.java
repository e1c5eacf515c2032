/**
 * Declaring in the short form: the model families, each a function of features that reads like the
 * figure of its paper.
 */
package io.weft.model;
