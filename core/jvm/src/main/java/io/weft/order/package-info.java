/**
 * Part of declaring: in which order the pixels of an image are drawn, as values. The proof ({@link
 * io.weft.prove}) is of one order, and drawing, completing and scoring follow it.
 */
package io.weft.order;
