/**
 * What computes: devices, number formats, and the seam behind which TensorFlow stands.
 *
 * <p>A model is declared, proven, saved, scored and sampled by Java alone. An {@link
 * io.weft.engine.Engine} adds what takes whole images at once, training above all. It is found as a
 * service, so that a process without it needs none of its libraries.
 */
@org.jspecify.annotations.NullMarked
package io.weft.engine;
