/** How gradients become steps: optimisers and their learning rates, as values. */
package io.weft.optimise;
