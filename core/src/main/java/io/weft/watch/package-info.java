/**
 * Watching training: histories as CSV and JSON, loss curves, sheets of samples, and TensorBoard's
 * event files. All are listeners of a training run, or made of what they heard.
 */
package io.weft.watch;
