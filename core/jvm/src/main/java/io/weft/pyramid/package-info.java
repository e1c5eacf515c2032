/** Two models as one: a small image first, then the large one that it is a part of. */
package io.weft.pyramid;
