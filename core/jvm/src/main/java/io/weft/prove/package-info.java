/** The causality proof, and what the same algebra shows: receptive fields and blind spots. */
package io.weft.prove;
