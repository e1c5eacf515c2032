package io.weft.samples;

import io.weft.data.ImageSet;
import java.util.Random;
import java.util.stream.IntStream;

/** What classifiers of a few lines reach, beside which others are to be judged. */
final class PlainClassifiers {

  private static final int EPOCHS = 5;
  private static final double RATE = 0.01;

  private PlainClassifiers() {}

  /** Returns the accuracy on others of taking the class whose mean image is the nearest. */
  static double nearestMean(ImageSet train, ImageSet test) {
    double[][] means = new double[train.classes()][train.spec().values()];
    for (int label = 0; label < means.length; label++) {
      ImageSet own = train.ofClass(label);
      for (int image = 0; image < own.size(); image++) {
        double[] values = values(own, image);
        for (int i = 0; i < values.length; i++) {
          means[label][i] += values[i] / own.size();
        }
      }
    }
    double[][] scores = new double[test.size()][];
    for (int image = 0; image < scores.length; image++) {
      double[] values = values(test, image);
      scores[image] =
          IntStream.range(0, means.length).mapToDouble(l -> -squared(means[l], values)).toArray();
    }
    return accuracy(scores, test);
  }

  private static double squared(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  /** Returns the accuracy on others of multinomial logistic regression, by plain SGD. */
  static double logisticRegression(ImageSet train, ImageSet test) {
    double[][] weights = new double[train.classes()][train.spec().values() + 1];
    Random random = new Random(1);
    for (int step = 0; step < EPOCHS * train.size(); step++) {
      int image = random.nextInt(train.size());
      double[] values = values(train, image);
      double[] shares = softmax(logits(weights, values));
      shares[train.label(image)] -= 1;
      for (int label = 0; label < weights.length; label++) {
        for (int i = 0; i < values.length; i++) {
          weights[label][i] -= RATE * shares[label] * values[i];
        }
        weights[label][values.length] -= RATE * shares[label];
      }
    }
    double[][] scores = new double[test.size()][];
    for (int image = 0; image < scores.length; image++) {
      scores[image] = logits(weights, values(test, image));
    }
    return accuracy(scores, test);
  }

  private static double[] logits(double[][] weights, double[] values) {
    double[] logits = new double[weights.length];
    for (int label = 0; label < logits.length; label++) {
      logits[label] = weights[label][values.length];
      for (int i = 0; i < values.length; i++) {
        logits[label] += weights[label][i] * values[i];
      }
    }
    return logits;
  }

  private static double[] softmax(double[] logits) {
    double largest = logits[best(logits)];
    double[] shares = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.exp(logits[i] - largest);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  private static double accuracy(double[][] scores, ImageSet test) {
    long right =
        IntStream.range(0, scores.length).filter(i -> best(scores[i]) == test.label(i)).count();
    return (double) right / scores.length;
  }

  private static int best(double[] scores) {
    return IntStream.range(1, scores.length).reduce(0, (a, b) -> scores[b] > scores[a] ? b : a);
  }

  private static double[] values(ImageSet images, int image) {
    int[] levels = images.image(image);
    double highest = images.levels() - 1;
    double[] values = new double[levels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = levels[i] / highest;
    }
    return values;
  }
}
