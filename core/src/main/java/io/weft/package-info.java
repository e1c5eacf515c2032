/** Weft. */
package io.weft;
