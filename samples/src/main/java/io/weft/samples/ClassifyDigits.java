package io.weft.samples;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.data.Mnist;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.optimise.RateSchedule;
import io.weft.samples.cli.Printing;
import io.weft.score.ClassPosterior;
import io.weft.score.Confusion;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A model that draws digits of a class classifies them by Bayes' rule, beside two classifiers of a
 * few lines: the nearest class mean, and logistic regression.
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * java -cp "samples/target/weft/lib/*" io.weft.samples.ClassifyDigits mnist 3000
 * }</pre>
 */
public final class ClassifyDigits {

  private ClassifyDigits() {}

  static Confusion classify(ImageSet train, ImageSet test, long steps, Consumer<String> say) {
    Definition digits =
        GatedPixelCnn.builder(train.spec())
            .blocks(3)
            .maps(24)
            .classCondition("digit", train.classNames())
            .build();
    TrainingOptions options =
        TrainingOptions.seed(1)
            .steps(steps)
            .batch(32)
            .optimiser(Adam.withRate(new RateSchedule.Cosine(3e-3, steps, 0.02)))
            .build();
    try (Model model = Model.initial(digits, 1)) {
      long started = System.nanoTime();
      model.train(Examples.labelled(train, "digit"), options);
      say(say, "trained on %s for %d steps: %.0f s", train, steps, seconds(started));
      started = System.nanoTime();
      ClassPosterior found = model.classify(Examples.of(test));
      Confusion confusion = found.confusion(test);
      say(say, "classified %d images: %.0f s", test.size(), seconds(started));
      double bits = model.score(Examples.labelled(test, "digit")).meanNats();
      say(say, "nats of an image under its class: %.2f", bits);
      say(say, "%s: %.2f %%", confusion, 100 * confusion.accuracy());
      say(say, "nearest class mean: %.2f %%", 100 * PlainClassifiers.nearestMean(train, test));
      say(
          say,
          "logistic regression: %.2f %%",
          100 * PlainClassifiers.logisticRegression(train, test));
      return confusion;
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static void say(Consumer<String> say, String pattern, Object... values) {
    say.accept(String.format(Locale.ROOT, pattern, values));
  }

  /** Runs the sample. The arguments are the folder of MNIST, and how many steps to train for. */
  public static void main(String[] arguments) throws IOException {
    long steps = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1_000;
    if (arguments.length == 0) {
      classify(
          EmbeddedDigits.count(10_000).size(12).levels(2).seed(1).grey(),
          EmbeddedDigits.count(500).size(12).levels(2).seed(2).grey(),
          steps,
          System.out::println);
    } else {
      Path mnist = Path.of(arguments[0]);
      classify(
          Mnist.train(mnist).quantised(2),
          Mnist.test(mnist).quantised(2),
          steps,
          System.out::println);
    }
    Printing.checkPrinted();
  }
}
