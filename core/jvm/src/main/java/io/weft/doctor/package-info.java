/** What Weft finds on this machine, what is missing, and what to do about it. */
@NullMarked
package io.weft.doctor;

import org.jspecify.annotations.NullMarked;
