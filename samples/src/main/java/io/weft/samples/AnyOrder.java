package io.weft.samples;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.explain.OrderPicture;
import io.weft.image.ContactSheet;
import io.weft.image.Picture;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.order.GenerationOrder;
import io.weft.sample.Pixel;
import io.weft.sample.Pull;
import io.weft.sample.SampledImage;
import io.weft.samples.cli.Printing;
import io.weft.score.EnsembleScores;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * An order drawn and used: one set of weights learns the eight symmetries of Hilbert's curve,
 * scores under each and under all together, and draws along the curve, and along another that it
 * never met.
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * java -cp "samples/target/weft/lib/*" io.weft.samples.AnyOrder orders
 * }</pre>
 */
public final class AnyOrder {

  private static final ImageSpec IMAGE = new ImageSpec(12, 12, 1, 2);

  private AnyOrder() {}

  /** Returns a model for the eight orders that flips and the transpose make of Hilbert's curve. */
  static Definition model() {
    // region orders
    GenerationOrder hilbert = GenerationOrder.hilbert(12, 12);
    Definition digits =
        LocallyMaskedPixelCnn.builder(IMAGE)
            .blocks(1)
            .maps(16)
            .orders(GenerationOrder.eight(hilbert))
            .build();
    // endregion
    return digits;
  }

  static void drawnAndUsed(long steps, Path folder, Consumer<String> say) throws IOException {
    Files.createDirectories(folder);
    Definition digits = model();
    OrderPicture.of(digits.order()).writePng(folder.resolve("hilbert.png"));
    ImageSet train = EmbeddedDigits.count(4_000).size(12).levels(2).seed(1).grey().unlabelled();
    ImageSet test = EmbeddedDigits.count(200).size(12).levels(2).seed(2).grey().unlabelled();
    try (Model model = Model.initial(digits, 1)) {
      model.train(
          Examples.of(train),
          TrainingOptions.seed(1).steps(steps).optimiser(Adam.withRate(3e-3)).build());
      EnsembleScores scores = model.scoreEnsemble(Examples.of(test));
      for (int i = 0; i < scores.orders().size(); i++) {
        say.accept(
            String.format(
                Locale.ROOT, "%.2f nats, %s", scores.under(i).meanNats(), scores.orders().get(i)));
      }
      say.accept(String.format(Locale.ROOT, "%.2f nats, all eight together", scores.meanNats()));

      GenerationOrder spiral = GenerationOrder.of(12, 12, spiral(12));
      OrderPicture.of(spiral).writePng(folder.resolve("spiral.png"));
      try (Pull<Pixel> pixels = model.sampler(7).order(spiral).pixels().iterator()) {
        say.accept("the first pixels along a spiral: " + pixels.next() + ", " + pixels.next());
      }
      for (GenerationOrder order : List.of(digits.order(), spiral)) {
        List<Picture> drawn =
            model.sampler(7).order(order).count(20).images().toList().stream()
                .map(SampledImage::picture)
                .toList();
        Path sheet = folder.resolve(order.name().orElse("spiral") + "-drawn.png");
        new ContactSheet(10).of(drawn).scaled(4).writePng(sheet);
        say.accept("wrote " + sheet);
      }
    }
  }

  /** Row-major positions of a square from its edge inwards. */
  static int[] spiral(int side) {
    int[] positions = new int[side * side];
    boolean[] met = new boolean[side * side];
    int row = 0;
    int column = 0;
    int down = 0;
    int right = 1;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = row * side + column;
      met[positions[i]] = true;
      int r = row + down;
      int c = column + right;
      if (r < 0 || r >= side || c < 0 || c >= side || met[r * side + c]) {
        int turned = right;
        right = -down;
        down = turned;
      }
      row += down;
      column += right;
    }
    return positions;
  }

  /** Runs the sample. The first argument is the folder for the pictures. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "orders");
    drawnAndUsed(600, folder, System.out::println);
    Printing.checkPrinted();
  }
}
