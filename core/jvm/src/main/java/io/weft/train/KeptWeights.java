package io.weft.train;

import io.weft.weight.Weights;
import java.util.Locale;

/**
 * Which weights a run's model has: the best or the newest, as was asked for, and never some that
 * are of no use. Whoever guesses needs {@code log2(levels)} bits per dimension; weights that need
 * more than twice that, and more than twice what the first step found, have diverged.
 */
final class KeptWeights {

  private static final double USELESS = 2;

  private final Keep keep;
  private final double guessing;
  private double first;
  private double found;
  private Weights weights;
  private long step;
  private boolean hasBest;
  private boolean diverged;
  private double bestBits = Double.POSITIVE_INFINITY;
  private long bestStep = -1;
  private final double leastGain;
  private double gainedBits = Double.POSITIVE_INFINITY;
  private int sinceGain;

  /**
   * Begins with what the model has.
   *
   * @param step the step that these weights are of
   * @param guessing bits per dimension of levels that are all equally likely
   * @param leastGain how many bits fewer count as a gain
   */
  KeptWeights(Keep keep, Weights weights, long step, double guessing, double leastGain) {
    this.keep = keep;
    this.leastGain = leastGain;
    this.weights = weights;
    this.step = step;
    this.guessing = guessing;
  }

  /** Goes on where a run with these validations had come to. */
  void resume(TrainingRecord run) {
    run.validations().forEach(point -> count(point.step(), point.validationBits()));
    hasBest = keep == Keep.BEST && bestStep == run.keptStep();
    if (keep == Keep.BEST && !hasBest && isOfUse(bestBits)) {
      // The weights of the best validation were not kept: the best from here on is.
      bestBits = Double.POSITIVE_INFINITY;
      gainedBits = Double.POSITIVE_INFINITY;
      sinceGain = 0;
    }
  }

  /** Takes what the first step of the run found, in bits per dimension. */
  void began(double bits) {
    first = bits;
  }

  private boolean isOfUse(double bits) {
    return bits <= USELESS * Math.max(guessing, first);
  }

  private boolean count(long at, double bits) {
    if (bits < gainedBits - leastGain) {
      gainedBits = bits;
      sinceGain = 0;
    } else {
      sinceGain++;
    }
    boolean best = bits < bestBits;
    if (best) {
      bestBits = bits;
      bestStep = at;
    }
    return best;
  }

  /**
   * Takes weights that were validated, and returns whether no validation found fewer bits.
   *
   * @param trainingBits what the steps that led to them found
   */
  boolean validated(Weights now, long at, double bits, double trainingBits) {
    boolean best = count(at, bits);
    if (keep == Keep.LAST) {
      take(now, at, trainingBits);
    } else if (best) {
      take(now, at, bits);
      hasBest = !diverged;
    } else if (!hasBest) {
      // No better than the best, which was of no use.
      diverged = true;
      found = bits;
    }
    return best;
  }

  /** Takes weights that were not validated. */
  void reached(Weights now, long at, double trainingBits) {
    if (!hasBest) {
      take(now, at, trainingBits);
    }
  }

  private void take(Weights now, long at, double bits) {
    found = bits;
    diverged = !isOfUse(bits);
    if (!diverged) {
      weights = now;
      step = at;
    }
  }

  /** Returns the weights that the model is to have. */
  Weights weights() {
    return weights;
  }

  /** Returns the step that they are of. */
  long step() {
    return step;
  }

  /** Returns how many validations there were since one that gained enough. */
  int sinceGain() {
    return sinceGain;
  }

  /** Returns whether the run has come to weights of no use, and has no best ones. */
  boolean hasDiverged() {
    return diverged;
  }

  /** Returns in words what the newest weights, or the best, came to. */
  String found() {
    return String.format(
        Locale.ROOT,
        "%.6g bits per dimension, where guessing takes %.4g and the run began with %.4g",
        found,
        guessing,
        first);
  }
}
