/** What a distribution says of each colour channel, asked once and checked. */
package io.weft.internal.distribution;
