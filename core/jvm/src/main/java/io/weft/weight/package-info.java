/**
 * What training changes, scoring and drawing read, and saving keeps: the values of a model's
 * parameters, and what a run goes on from.
 */
package io.weft.weight;
