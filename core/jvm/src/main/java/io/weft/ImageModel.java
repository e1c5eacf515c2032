package io.weft;

import io.weft.complete.PixelMask;
import io.weft.data.Examples;
import io.weft.json.LayerCatalog;
import io.weft.score.ClassPosterior;
import io.weft.score.ClassScores;
import io.weft.score.Scores;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What says how likely images are and draws such, of whatever models it is made: a {@link Model},
 * or a {@linkplain io.weft.pyramid.MultiScaleModel pyramid}. What {@link Model} says of threads and
 * of closing holds for all.
 */
public interface ImageModel extends AutoCloseable {

  /** Returns the images that are drawn in the end. */
  ImageSpec image();

  /** Returns what an image is conditioned on. */
  List<Condition> conditions();

  /**
   * Returns the condition that is a class.
   *
   * @throws IllegalArgumentException if there is none, or several; the message names the conditions
   */
  Condition.OneOf classCondition();

  /** Returns the number of learned parameters. */
  long parameterCount();

  /**
   * Returns the log-likelihoods of examples: exact, so that the probabilities of all images add up
   * to 1.
   *
   * @throws IllegalArgumentException if the examples do not fit the model, or are so many that all
   *     their values are more than an array holds, 2^31
   * @throws IllegalStateException if the model is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  Scores score(Examples examples);

  /**
   * Returns the log-likelihoods of images under each class of the model, whatever their own is: as
   * many passes over them as there are classes.
   *
   * @param examples images, with values for all conditions but the class
   * @throws IllegalArgumentException if the model has not one class condition, or the examples do
   *     not fit it
   * @throws IllegalStateException if the model is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  default ClassScores scoreEachClass(Examples examples) {
    Condition.OneOf condition = classCondition();
    List<double[]> each = new ArrayList<>();
    for (int label = 0; label < condition.count(); label++) {
      each.add(score(examples.under(condition.name(), label)).logLikelihoods());
    }
    return ClassScores.of(condition.classes(), each);
  }

  /**
   * Returns how probable it is that images are of each class of the model, whatever their own is,
   * if all classes are equally likely before: by Bayes' rule from {@link #scoreEachClass}, as many
   * passes over them as there are classes. {@link ClassScores#posterior(double...)} takes other
   * priors.
   *
   * @param examples images, with values for all conditions but the class
   * @throws IllegalArgumentException if the model has not one class condition, or the examples do
   *     not fit it
   * @throws IllegalStateException if the model is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  default ClassPosterior classify(Examples examples) {
    return scoreEachClass(examples).posterior();
  }

  /**
   * Returns for each example the log-likelihood of its missing pixels given its known ones: exact,
   * or refused. At most 0 but for rounding.
   *
   * @param known which pixels of an example are known, by its index; a pure function
   * @throws IllegalArgumentException if the examples or masks do not fit the model, or a known
   *     pixel is not seen by a missing one, so that there is no exact answer
   * @throws IllegalStateException if the model is closed
   * @throws ArithmeticException if a log-likelihood is not finite; the message names the example
   */
  double[] conditionalLogLikelihoods(Examples examples, IntFunction<PixelMask> known);

  /**
   * Saves this model as it is now as a folder, replacing the one that was there.
   *
   * @throws io.weft.spec.DefinitionException if a layer is not one of Weft's own; save with a
   *     catalog then
   * @throws io.weft.save.ModelFormatException if the folder holds anything else than such a model
   * @throws IOException if writing fails
   */
  default void save(Path folder) throws IOException {
    save(folder, LayerCatalog.standard());
  }

  /** Saves this model as above. {@code catalog} has the model's own layers. */
  void save(Path folder, LayerCatalog catalog) throws IOException;

  /**
   * Writes this model as it is now as a zip of its folder.
   *
   * @param out where to; stays open
   * @throws io.weft.spec.DefinitionException if a layer is not one of Weft's own; save with a
   *     catalog then
   * @throws IOException if writing fails
   */
  default void save(OutputStream out) throws IOException {
    save(out, LayerCatalog.standard());
  }

  /** Writes this model as above. {@code catalog} has the model's own layers. */
  void save(OutputStream out, LayerCatalog catalog) throws IOException;

  /**
   * Returns a model with these weights and this history, but without what training goes on from:
   * saved, it is a quarter to a third as large. If it is trained, that starts anew from the
   * weights.
   */
  ImageModel withoutTrainingState();

  /**
   * Returns a model with {@linkplain io.weft.weight.Weights#inHalfPrecision rounded weights}: where
   * images are drawn one at a time on the JVM, that takes less time, for it is the time to read
   * weights. It is another model, which scores, draws and codes by its own weights, everywhere the
   * same; what the rounding costs in likelihood, its {@link #score} says. It has no training state.
   */
  ImageModel inHalfPrecision();

  /** Ends all that is under way with this model, and frees what was compiled for it. */
  @Override
  void close();
}
