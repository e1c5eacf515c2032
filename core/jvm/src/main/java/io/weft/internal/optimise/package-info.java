/** Steps of optimisers in Java: the same bits on every machine. */
package io.weft.internal.optimise;
