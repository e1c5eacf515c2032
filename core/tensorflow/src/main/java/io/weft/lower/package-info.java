/** What the author of a layer meets of TensorFlow, where the expression language alone is too slow. */
package io.weft.lower;
