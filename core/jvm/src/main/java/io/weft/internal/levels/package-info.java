/** How levels are kept. */
package io.weft.internal.levels;
