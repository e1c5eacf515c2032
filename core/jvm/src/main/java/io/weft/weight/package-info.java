/** The values of a model's parameters. */
package io.weft.weight;
