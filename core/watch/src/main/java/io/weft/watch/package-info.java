/**
 * Beside training ({@link io.weft.train}), watching it: histories as CSV and JSON, loss curves,
 * sheets of samples, TensorBoard's event files, and saved checkpoints. All are listeners of a
 * training run, or made of what they heard: give them to {@link
 * io.weft.train.TrainingOptions.Builder#listen}. {@link io.weft.watch.CostCurves} shows several
 * models side by side.
 *
 * <p>What cannot be written is found when a listener is made, before training begins. Where writing
 * fails later, as on a full disk, one warning goes to the log, training goes on, and the next write
 * tries again: nothing that is written beside a training is worth losing it.
 */
package io.weft.watch;
