package io.weft.score;

import io.weft.internal.Count;
import io.weft.spec.ImageSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How likely several models find the same images, or one does in several ways, and how likely their
 * mixture does: what draws one of them evenly and then an image from it. Its likelihood of an image
 * is the mean of theirs, so its log is a log-mean-exp over whole images: computed without
 * underflow, never below the mean of the logs, and below the largest by at most the log of their
 * number.
 *
 * <p>The mixture of models that err differently, such as checkpoints of a run or models of several
 * families, is mostly better than the best of them. Mixtures can be mixed again.
 *
 * <pre>{@code
 * MixtureScores both =
 *     MixtureScores.of(
 *         image, first.score(test).logLikelihoods(), second.scoreEnsemble(test).logLikelihoods());
 * both.meanNats();      // what the mixture costs
 * both.advantage(0, 1); // by how much the first is better than the second
 * }</pre>
 */
public final class MixtureScores implements ImageLikelihoods {

  private final ImageSpec image;
  private final double[][] members;

  private MixtureScores(ImageSpec image, double[][] members) {
    this.image = image;
    this.members = members;
  }

  /**
   * Takes the log-likelihoods of the same images under each member, in nats.
   *
   * @param image the form of the images
   * @param members one array for each member, at least one, all of one length; copied
   * @throws IllegalArgumentException if there is none, they are not alike in length, or a value is
   *     not a number or positive infinity
   */
  public static MixtureScores of(ImageSpec image, double[]... members) {
    if (members.length == 0) {
      throw new IllegalArgumentException("a mixture has one member or more; found none");
    }
    double[][] copies = new double[members.length][];
    for (int m = 0; m < members.length; m++) {
      copies[m] = members[m].clone();
      if (copies[m].length != copies[0].length) {
        throw new IllegalArgumentException(
            "the members of a mixture score the same images, but the first has "
                + copies[0].length
                + " and number "
                + m
                + " has "
                + copies[m].length);
      }
      for (int i = 0; i < copies[m].length; i++) {
        if (Double.isNaN(copies[m][i]) || copies[m][i] == Double.POSITIVE_INFINITY) {
          throw new IllegalArgumentException(
              "image "
                  + i
                  + " has the log-likelihood "
                  + copies[m][i]
                  + " under member "
                  + m
                  + "; expected a number, or minus infinity where it is impossible");
        }
      }
    }
    return new MixtureScores(image, copies);
  }

  /** Takes the scores of the same images under each member. */
  static MixtureScores of(ImageSpec image, List<Scores> members) {
    return of(image, members.stream().map(Scores::logLikelihoods).toArray(double[][]::new));
  }

  /** Returns how many members there are. */
  public int members() {
    return members.length;
  }

  @Override
  public ImageSpec image() {
    return image;
  }

  @Override
  public int size() {
    return members[0].length;
  }

  /**
   * Returns a copy of the log-likelihoods of the images under one member.
   *
   * @throws IndexOutOfBoundsException if there is no such member
   */
  public double[] under(int member) {
    return members[member].clone();
  }

  /**
   * Returns the mean cost of an image under one member, its negative log-likelihood, in nats.
   *
   * @throws IndexOutOfBoundsException if there is no such member
   */
  public double meanNats(int member) {
    return -Arrays.stream(members[member]).average().orElseThrow();
  }

  /**
   * Returns the mean cost under one member, in bits per dimension.
   *
   * @throws IndexOutOfBoundsException if there is no such member
   */
  public double meanBitsPerDimension(int member) {
    return Scores.bits(meanNats(member), image);
  }

  @Override
  public double logLikelihood(int index) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double[] member : members) {
      largest = Math.max(largest, member[index]);
    }
    if (Double.isInfinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (double[] member : members) {
      sum += StrictMath.exp(member[index] - largest);
    }
    return largest + StrictMath.log(sum / members.length);
  }

  /**
   * Returns by how much one member is better than another, over the same images.
   *
   * @throws IndexOutOfBoundsException if there is no such member
   */
  public Advantage advantage(int member, int over) {
    return Advantage.of(members[member], members[over]);
  }

  /**
   * Returns by how much the mixture is better than a member.
   *
   * @throws IndexOutOfBoundsException if there is no such member
   */
  public Advantage advantageOver(int member) {
    return Advantage.of(logLikelihoods(), members[member]);
  }

  /**
   * By how much one model finds images likelier than another does, image by image, so that what
   * makes an image hard for both does not count.
   *
   * @param nats the mean of the differences of the log-likelihoods, positive where it is better
   * @param standardError of that mean, were the images drawn at random: the truth lies within twice
   *     of it 19 times in 20; not a number for a single image
   * @param likelier the share of images that it finds likelier; of equals, half
   */
  public record Advantage(double nats, double standardError, double likelier) {

    private static Advantage of(double[] own, double[] other) {
      double[] differences =
          IntStream.range(0, own.length)
              .mapToDouble(i -> own[i] == other[i] ? 0 : own[i] - other[i])
              .toArray();
      double mean = Arrays.stream(differences).average().orElseThrow();
      double squares = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
      double error = StrictMath.sqrt(squares / (own.length - 1) / own.length);
      double wins = Arrays.stream(differences).map(d -> (Math.signum(d) + 1) / 2).sum();
      return new Advantage(mean, error, wins / own.length);
    }
  }

  @Override
  public String toString() {
    return Count.of(size(), "image")
        + " under "
        + Count.of(members.length, "model")
        + " together, "
        + bitsPerDimension()
        + " bits per dimension";
  }
}
