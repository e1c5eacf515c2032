/**
 * What the proof and the step program both rest on: groups of maps that depend on the same things,
 * and the step at which each of them can be computed.
 */
package io.weft.internal.prove;
