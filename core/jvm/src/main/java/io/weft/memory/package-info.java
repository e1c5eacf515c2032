/**
 * How much memory work with a model needs, and what there is: said before it begins, in words of
 * what to change.
 */
package io.weft.memory;
