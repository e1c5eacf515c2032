/**
 * Beside drawing ({@link io.weft.sample}): what is known of an image that a model completes, a mask
 * and the levels under it.
 */
package io.weft.complete;
