package io.weft.train;

/** Something that is measured of a training run at each of its validations. */
@FunctionalInterface
public interface Metric {

  /**
   * Measures, on the thread that trains. An exception reaches whoever trains, and so ends the
   * training.
   *
   * @param run the run
   * @return any number, finite or not
   */
  double of(RunControl run);
}
