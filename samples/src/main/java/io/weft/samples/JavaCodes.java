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
import io.weft.sample.SampledImage;
import io.weft.samples.cli.Printing;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Priors over codes: digits of 32x32 pixels as 8x8 codes of 512, drawn by one model; and by two, of
 * which the first draws 4x4 codes of 128, and the second 8x8 codes of 512 given those, for what the
 * first left out. Codes.kt is the same in Kotlin, its models layer by layer.
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * java -cp "samples/target/weft/lib/*" io.weft.samples.JavaCodes codes.png
 * }</pre>
 */
public final class JavaCodes {

  private static final int SHOWN = 10;

  private JavaCodes() {}

  // region declare
  /** Codes of a digit; each is read as a learned vector, for as a number it means nothing. */
  static Definition prior() {
    return GatedPixelCnn.builder(new ImageSpec(8, 8, 1, 512))
        .name("codes")
        .embedding(32)
        .blocks(2)
        .maps(32)
        .classCondition("digit", 10)
        .build();
  }

  // endregion

  // region two-levels
  static final ImageSpec TOP = new ImageSpec(4, 4, 1, 128);

  static Definition top() {
    return GatedPixelCnn.builder(TOP)
        .name("top")
        .embedding(32)
        .blocks(2)
        .maps(32)
        .classEmbedding("digit", 10, 16)
        .build();
  }

  static Definition bottom() {
    return GatedPixelCnn.builder(new ImageSpec(8, 8, 1, 512))
        .name("bottom")
        .embedding(32)
        .blocks(2)
        .maps(32)
        .codeCondition("top", TOP)
        .classEmbedding("digit", 10, 16)
        .build();
  }

  // endregion

  static void codes(int count, long steps, Path sheet, Consumer<String> say) throws IOException {
    ImageSet digits = EmbeddedDigits.count(count).size(32).seed(1).grey();
    List<float[]> images = PatchCodes.pixels(digits);
    List<Picture> rows = new ArrayList<>();
    images.stream().limit(SHOWN).map(PatchCodes::picture).forEach(rows::add);

    PatchCodes fine = PatchCodes.fit(images.subList(0, count / 4), 4, 512, 1);
    ImageSet codes = labelled(fine.encode(images), digits);
    addShown(rows, codes, fine);
    Examples one = Examples.labelled(codes, "digit");
    try (Model model = trained(prior(), one, steps)) {
      say.accept(bits("8x8 codes of 512", model, one));
      for (SampledImage drawn :
          model.sampler(7).labels(i -> (int) i).count(SHOWN).images().toList()) {
        rows.add(PatchCodes.picture(fine.decode(drawn.levels())));
      }
    }

    PatchCodes coarse = PatchCodes.fit(images.subList(0, count / 4), 8, 128, 1);
    ImageSet tops = labelled(coarse.encode(images), digits);
    List<float[]> left = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      left.add(PatchCodes.sum(images.get(i), -1, coarse.decode(tops.image(i))));
    }
    PatchCodes rest = PatchCodes.fit(left.subList(0, count / 4), 4, 512, 1);
    // region given
    Examples bottoms =
        Examples.conditioned(
            rest.encode(left),
            i ->
                ConditionValues.none()
                    .withImage("top", TOP, tops.image(i))
                    .withLabel("digit", digits.label(i)));
    // endregion
    Examples first = Examples.labelled(tops, "digit");
    try (Model top = trained(top(), first, steps);
        Model bottom = trained(bottom(), bottoms, steps)) {
      say.accept(bits("4x4 codes of 128", top, first));
      say.accept(bits("8x8 codes of 512 given those", bottom, bottoms));
      // region draw
      List<SampledImage> begun = top.sampler(7).labels(i -> (int) i).count(SHOWN).images().toList();
      List<SampledImage> ended =
          bottom
              .sampler(8)
              .conditions(
                  i ->
                      ConditionValues.none()
                          .withImage("top", TOP, begun.get((int) i).levels())
                          .withLabel("digit", (int) i))
              .count(SHOWN)
              .images()
              .toList();
      // endregion
      for (int i = 0; i < SHOWN; i++) {
        float[] rough = coarse.decode(begun.get(i).levels());
        rows.add(PatchCodes.picture(PatchCodes.sum(rough, 1, rest.decode(ended.get(i).levels()))));
      }
    }
    new ContactSheet(SHOWN).of(rows).scaled(2).writePng(sheet);
    say.accept("wrote " + sheet);
  }

  private static ImageSet labelled(ImageSet codes, ImageSet digits) {
    int[] labels = new int[digits.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = digits.label(i);
    }
    return codes.labelled(labels, digits.classNames());
  }

  /** The codes themselves, each in its colour, and what becomes of them. */
  private static void addShown(List<Picture> rows, ImageSet codes, PatchCodes book) {
    for (int i = 0; i < SHOWN; i++) {
      rows.add(Picture.of(codes, i).scaled(4));
    }
    for (int i = 0; i < SHOWN; i++) {
      rows.add(PatchCodes.picture(book.decode(codes.image(i))));
    }
  }

  private static Model trained(Definition definition, Examples examples, long steps) {
    Model model = Model.initial(definition, 1);
    model.train(
        examples,
        TrainingOptions.seed(1).steps(steps).batch(32).optimiser(Adam.withRate(3e-3)).build());
    return model;
  }

  private static String bits(String what, Model model, Examples examples) {
    double bits = model.score(examples.select(0, 1, 2, 3)).bitsPerDimension();
    return String.format(Locale.ROOT, "%s: %.2f bits each", what, bits);
  }

  /** Runs the sample. The argument is the picture's file. */
  public static void main(String[] arguments) throws IOException {
    Path sheet = Path.of(arguments.length > 0 ? arguments[0] : "codes.png");
    codes(4_000, 800, sheet, System.out::println);
    Printing.checkPrinted();
  }
}
