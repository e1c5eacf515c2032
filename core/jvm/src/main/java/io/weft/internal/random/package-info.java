/** Random numbers that are the same on every machine. */
package io.weft.internal.random;
