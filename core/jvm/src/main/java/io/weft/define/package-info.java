/** Declaring a model: from features to a definition that is proven causal. */
package io.weft.define;
