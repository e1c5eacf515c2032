/** Beside the road: what is said when work with a model needs more memory than there is. */
package io.weft.memory;
