/**
 * Part of saving ({@link io.weft.save}): definitions as JSON, readable, versioned, and safe to load
 * from anywhere. Loading proves a definition causal again.
 */
package io.weft.json;
