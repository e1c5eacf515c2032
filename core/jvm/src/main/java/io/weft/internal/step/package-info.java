/**
 * Between the proof and drawing, incremental sampling: the step program that is derived from a
 * definition (which values are computed at which step, from which cache slots), and what runs it.
 */
package io.weft.internal.step;
