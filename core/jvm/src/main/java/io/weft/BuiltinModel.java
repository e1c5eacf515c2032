package io.weft;

import io.weft.engine.Device;
import io.weft.json.LayerCatalog;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * A trained model that comes with Weft, in the artifact {@code io.weft:weft-models}: what it draws,
 * and where its weights come from. Its own {@link Model#history()} says more, such as the digest of
 * the data and the curve of the losses.
 *
 * <p>Later versions of Weft load it with the same scores and the same drawings, to the bit, on the
 * JVM executor and {@link Device#jvm()}.
 *
 * @param name by which it is asked for: lower case, digits and hyphens
 * @param draws what its images are, in a few words
 * @param parameters how many numbers were trained
 * @param bytes how large its file is
 * @param data what it was trained on
 * @param command the command of Weft's command line that trained it
 * @param trained the day, in UTC, on which the training began
 * @param score how well it predicts images that it was not trained on
 */
public record BuiltinModel(
    String name,
    String draws,
    long parameters,
    long bytes,
    String data,
    String command,
    LocalDate trained,
    Score score) {

  /**
   * How likely the model finds images that it was not trained on.
   *
   * @param nats the mean of the negative log-likelihood of an image
   * @param bitsPerDimension the same in bits, for each value of a pixel
   * @param of which images
   * @param command the command of Weft's command line that gives it
   */
  public record Score(double nats, double bitsPerDimension, String of, String command) {
    /** Refuses null. */
    public Score {
      Objects.requireNonNull(of, "of");
      Objects.requireNonNull(command, "command");
    }
  }

  /** Refuses null. */
  public BuiltinModel {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(draws, "draws");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(trained, "trained");
    Objects.requireNonNull(score, "score");
  }

  /**
   * Returns all models that come with Weft.
   *
   * @throws IllegalStateException if the artifact that has them is not on the class path; the
   *     message names it
   */
  public static List<BuiltinModel> all() {
    return BuiltinIndex.read();
  }

  /**
   * Returns the model of a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those that there are
   * @throws IllegalStateException if the artifact that has them is not on the class path; the
   *     message names it
   */
  public static BuiltinModel named(String name) {
    Objects.requireNonNull(name, "name");
    List<BuiltinModel> all = all();
    return all.stream()
        .filter(model -> model.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no model \""
                        + name
                        + "\" comes with Weft; there are: "
                        + String.join(", ", all.stream().map(BuiltinModel::name).toList())));
  }

  /** Returns the model itself, on the processor; the caller closes it. */
  public Model load() {
    return load(Device.cpu());
  }

  /** Returns the model itself; the caller closes it. */
  public Model load(Device device) {
    try {
      return Model.loadResource(
          BuiltinModel.class, BuiltinIndex.file(name), LayerCatalog.standard(), device);
    } catch (IOException e) {
      throw BuiltinIndex.damaged(e);
    }
  }
}
