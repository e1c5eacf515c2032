/**
 * The road's beginning, declaring: from features to a definition that is proven causal ({@link
 * io.weft.prove}).
 */
package io.weft.define;
