/** What there is to be known of the machine. */
@NullMarked
package io.weft.internal.machine;

import org.jspecify.annotations.NullMarked;
