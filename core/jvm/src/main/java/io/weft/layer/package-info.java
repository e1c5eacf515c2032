/**
 * What models are declared of: layers as immutable values, and the features that applying them
 * gives. Whatever is built of them is proven, trained, scored and sampled without another line of
 * code.
 */
package io.weft.layer;
