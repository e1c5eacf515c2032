/** How much memory work with a model needs, and what there is: weighed before the work begins. */
package io.weft.internal.memory;
