/**
 * Saving and loading: one folder for a model, replaced as a whole or not at all, every file of
 * which is verified when it is read; or a zip of such a folder. The numbers are TensorFlow
 * checkpoints, written and read here, without TensorFlow.
 */
package io.weft.save;
