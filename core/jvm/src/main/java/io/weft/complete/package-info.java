/** What is known of an image that a model completes: a mask, and the levels under it. */
package io.weft.complete;
