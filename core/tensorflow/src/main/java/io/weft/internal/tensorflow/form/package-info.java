/** The whole-image forms of Weft's own layers. */
package io.weft.internal.tensorflow.form;
