package io.weft.samples;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.ImageSet;
import io.weft.data.Mnist;
import io.weft.sample.SampledImage;
import io.weft.samples.cli.Printing;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Can what a model draws be read? A hundred digits, ten of each class, are shown to a classifier
 * that was trained apart, on real ones: how many does it take for what they are meant to be?
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * java -cp "samples/target/weft/lib/*" io.weft.samples.JudgeDigits digits
 * }</pre>
 *
 * <p>The arguments are a model that comes with Weft, and a folder of MNIST if it was trained on
 * that.
 */
public final class JudgeDigits {

  private static final int DRAWN = 100;
  private static final long SEED = 7;

  private JudgeDigits() {}

  /** Returns how many of a hundred drawn digits look like their class. */
  static int judge(Model model, ImageSet train, ImageSet test, int epochs, Consumer<String> say) {
    PlainNetwork judge = PlainNetwork.trained(train, epochs, SEED);
    var condition = model.definition().classCondition();
    List<SampledImage> drawn =
        model
            .sampler(SEED)
            .count(DRAWN)
            .conditions(
                i ->
                    ConditionValues.none()
                        .withLabel(condition.name(), (int) (i % condition.count())))
            .images()
            .toList();
    int levels = train.levels();
    int right = 0;
    for (int i = 0; i < DRAWN; i++) {
      String meant = condition.classes().name(i % condition.count());
      String found = train.classNames().get(judge.classOf(drawn.get(i).levels(), levels));
      right += meant.equals(found) ? 1 : 0;
    }
    say.accept(
        String.format(
            Locale.ROOT,
            "%d of %d digits drawn at temperature 1 are taken for what they are meant to be,"
                + " by a classifier that is right on %.1f %% of %,d real ones",
            right,
            DRAWN,
            100 * judge.accuracy(test),
            test.size()));
    return right;
  }

  /** Runs the sample. The arguments are the name of a model, and the folder of its data. */
  public static void main(String[] arguments) throws IOException {
    try (Model model = Model.builtin(arguments.length > 0 ? arguments[0] : "digits")) {
      ImageSpec image = model.definition().image();
      if (arguments.length < 2) {
        judge(model, embedded(image, 20_000, 8), embedded(image, 2_000, 9), 3, System.out::println);
      } else {
        Path mnist = Path.of(arguments[1]);
        ImageSet train = Mnist.train(mnist).quantised(image.levels());
        ImageSet test = Mnist.test(mnist).quantised(image.levels());
        judge(model, train, test, 6, System.out::println);
      }
    }
    Printing.checkPrinted();
  }

  private static ImageSet embedded(ImageSpec image, int count, long seed) {
    return EmbeddedDigits.count(count)
        .size(image.height())
        .levels(image.levels())
        .seed(seed)
        .grey();
  }
}
