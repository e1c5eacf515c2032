package io.weft.samples;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.image.ContactSheet;
import io.weft.image.Picture;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.sample.Pixel;
import io.weft.sample.PixelRow;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.samples.cli.Printing;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * The whole road from Java: build a model, have it proven causal, train it on the embedded digits,
 * score it, and watch it draw: pulled as an iterator, and pushed as a publisher.
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * java -cp "samples/target/weft/lib/*" io.weft.samples.JavaQuickStart digits.png
 * }</pre>
 */
public final class JavaQuickStart {

  private JavaQuickStart() {}

  /** Returns the model; the same as the Kotlin quick start's, which is wired by hand. */
  static Definition digitModel() {
    // region declare
    Definition digits =
        GatedPixelCnn.builder(new ImageSpec(16, 16, 1, 4))
            .name("digits")
            .blocks(5)
            .maps(32)
            .kernel(5)
            .classCondition("digit", 10)
            .build();
    // endregion
    return digits;
  }

  static void quickStart(long steps, Path sheet, Consumer<String> say) throws IOException {
    Definition digits = digitModel();
    say.accept(digits.toString());
    ImageSet train = EmbeddedDigits.count(30_000).size(16).levels(4).seed(1).grey();
    ImageSet test = EmbeddedDigits.count(500).size(16).levels(4).seed(2).grey();
    try (Model model = Model.initial(digits, 1)) {
      model.train(
          Examples.labelled(train, "digit"),
          TrainingOptions.seed(1).steps(steps).optimiser(Adam.withRate(2e-3)).build());
      double bits = model.score(Examples.labelled(test, "digit")).bitsPerDimension();
      say.accept(
          String.format(Locale.ROOT, "%.4f bits per dimension on new digits (uniform: 2)", bits));
      pull(model, say);
      push(model, say).join();
      List<Picture> pictures =
          model.sampler(7).count(10).labels(image -> (int) image).images().stream()
              .map(SampledImage::picture)
              .toList();
      new ContactSheet(10).of(pictures).scaled(4).writePng(sheet);
      say.accept("wrote " + sheet);
    }
  }

  /** Pulls one digit pixel by pixel, each computed when it is asked for. */
  private static void pull(Model model, Consumer<String> say) {
    StringBuilder line = new StringBuilder();
    // region pull
    try (Pull<Pixel> pixels = model.sampler(7).labels(image -> 3).pixels().iterator()) {
      while (pixels.hasNext()) {
        Pixel pixel = pixels.next();
        line.append(" .+#".charAt(pixel.value(0)));
        if (pixel.column() == 15) {
          say.accept(line.toString());
          line.setLength(0);
        }
      }
    }
    // endregion
  }

  /** Has the same digit published row by row, one for each request. */
  private static CompletableFuture<Void> push(Model model, Consumer<String> say) {
    Watcher watcher = new Watcher(say);
    model.sampler(7).labels(image -> 3).rows().publisher().subscribe(watcher);
    return watcher.done;
  }

  /** Says each row, then asks for the next. */
  private static final class Watcher implements Flow.Subscriber<PixelRow> {
    private final Consumer<String> say;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private Flow.Subscription subscription;

    Watcher(Consumer<String> say) {
      this.say = say;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      subscription.request(1);
    }

    @Override
    public void onNext(PixelRow row) {
      StringBuilder line = new StringBuilder();
      for (int level : row.values()) {
        line.append(" .+#".charAt(level));
      }
      say.accept(line.toString());
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }
  }

  /**
   * Takes the picture's file.
   *
   * @throws IOException if it cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Path sheet = Path.of(arguments.length == 0 ? "digits.png" : arguments[0]);
    quickStart(1_500, sheet, System.out::println);
    Printing.checkPrinted();
  }
}
