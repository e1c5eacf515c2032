/**
 * The end of the road: saving and loading. {@link io.weft.Model} does both; here is what it throws
 * where a file is not what it should be.
 */
package io.weft.save;
