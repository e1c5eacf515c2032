/**
 * The files of a saved model: one folder, replaced as a whole or not at all, every file of which is
 * verified when it is read; or a zip of such a folder. The numbers are TensorFlow checkpoints,
 * written and read here, without TensorFlow.
 */
package io.weft.internal.save;
