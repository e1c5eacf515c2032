package io.weft.samples;

import io.weft.Model;
import io.weft.advice.Finding;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.doctor.Doctor;
import io.weft.engine.Device;
import io.weft.engine.Versions;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.sample.SampledImage;
import io.weft.sample.SamplingExecutor;
import io.weft.samples.cli.Printing;
import io.weft.spec.ImageSpec;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether a device computes what the processor does, and how fast: five families are scored and
 * trained on both from the same seed, drawn from on both executors, and timed. What comes of it is
 * a page in Markdown. {@code samples/gpu/pack} makes an archive of it for a machine that has a GPU
 * and no network.
 *
 * <pre>{@code
 * mvn -q package -DskipTests -Dtensorflow=gpu -Dcuda=bundled
 * java -cp "samples/target/weft/lib/*" io.weft.samples.CompareDevices report.md gpu
 * }</pre>
 */
public final class CompareDevices {

  /**
   * How far log-likelihoods may lie apart, relative to their size: the devices add up in another
   * order, and a GPU may multiply in TF32, which has 10 bits behind the point.
   */
  private static final double MOST_SCORES_DIFFER = 2e-3;

  /** The same after some steps of training, over which such differences grow. */
  private static final double MOST_TRAINED_SCORES_DIFFER = 5e-2;

  /** The least share of values that are drawn alike; a draw near a boundary may fall elsewhere. */
  private static final double LEAST_DRAWN_ALIKE = 0.9;

  /**
   * How much is done.
   *
   * @param images that are scored and drawn
   * @param steps of training
   * @param timed images for each measured batch; 0 measures nothing
   * @param families by name, see {@link #FAMILIES}
   */
  record Work(int images, int steps, int timed, Collection<String> families) {}

  /** The families, each small. */
  static final Map<String, Definition> FAMILIES = families();

  private static Map<String, Definition> families() {
    ImageSpec grey = new ImageSpec(8, 8, 1, 4);
    Map<String, Definition> all = new LinkedHashMap<>();
    all.put("Gated PixelCNN", GatedPixelCnn.builder(grey).blocks(3).maps(24).build());
    all.put(
        "PixelCNN++",
        PixelCnnPlusPlus.builder(new ImageSpec(8, 8, 1, 256)).blocks(1).maps(16).build());
    all.put("locally masked", LocallyMaskedPixelCnn.builder(grey).blocks(1).maps(24).build());
    all.put("Diagonal BiLSTM", PixelRnn.diagonalBiLstm(grey, 1, 12));
    all.put("image-gpt", ImageGpt.builder(grey).heads(2).blocks(1).maps(24).build());
    return Collections.unmodifiableMap(all);
  }

  private final Device device;
  private final Work work;
  private final List<String> page = new ArrayList<>();
  private int failed;

  private CompareDevices(Device device, Work work) {
    this.device = device;
    this.work = work;
  }

  private static Examples examples(Definition definition, int count, int seed) {
    ImageSpec image = definition.image();
    return Examples.of(
        EmbeddedDigits.count(count).size(image.height()).levels(image.levels()).seed(seed).grey());
  }

  /**
   * Compares a device with the processor.
   *
   * @return the lines of the page, and how many comparisons failed
   */
  static Report compare(Device device, Work work) {
    CompareDevices comparison = new CompareDevices(device, work);
    comparison.write();
    return new Report(List.copyOf(comparison.page), comparison.failed);
  }

  /**
   * What came of it.
   *
   * @param page lines of Markdown
   * @param failed how many comparisons failed
   */
  record Report(List<String> page, int failed) {}

  private void write() {
    page.add("# " + device + " beside the processor");
    page.add("");
    page.add(Versions.inWords());
    page.add("");
    page.add("| what | verdict | found |");
    page.add("|---|---|---|");
    for (Finding finding : Doctor.examine()) {
      row(finding.subject(), finding.verdict().name().toLowerCase(Locale.ROOT), finding.found());
    }
    page.add("");
    page.add("| model | scores differ by | after training | drawn alike | verdict |");
    page.add("|---|---|---|---|---|");
    work.families.forEach(name -> family(name, FAMILIES.get(name)));
    if (work.timed > 0) {
      page.add("");
      page.add(
          "| Gated PixelCNN, 64 maps, 8 blocks, 28x28, 256 levels | processor | " + device + " |");
      page.add("|---|---|---|");
      speed();
    }
    page.add("");
    page.add(failed == 0 ? "All comparisons hold." : failed + " comparisons failed.");
  }

  private void family(String name, Definition definition) {
    Examples test = examples(definition, work.images, 2);
    Examples train = examples(definition, 64, 1);
    TrainingOptions options = TrainingOptions.seed(1).steps(work.steps).batch(16).build();
    try (Model here = Model.initial(definition, 1, Device.cpu());
        Model there = Model.of(definition, here.weights(), device)) {
      double before = difference(here, there, test);
      here.train(train, options);
      there.train(train, options);
      double after = difference(here, there, test);
      // Of the same weights, so that only the executors differ.
      try (Model same = Model.of(definition, here.weights(), device)) {
        double alike =
            alike(
                draw(here, SamplingExecutor.jvm()),
                draw(same, SamplingExecutor.tensorflowWithoutXla()));
        boolean holds =
            before <= MOST_SCORES_DIFFER
                && after <= MOST_TRAINED_SCORES_DIFFER
                && alike >= LEAST_DRAWN_ALIKE;
        failed += holds ? 0 : 1;
        row(
            name,
            String.format(Locale.ROOT, "%.1e", before),
            String.format(Locale.ROOT, "%.1e", after),
            String.format(Locale.ROOT, "%.1f %%", 100 * alike),
            holds ? "holds" : "FAILS");
      }
    }
  }

  /** The greatest difference of an image's log-likelihood, relative to it. */
  private static double difference(Model here, Model there, Examples images) {
    double[] a = here.score(images).logLikelihoods();
    double[] b = there.score(images).logLikelihoods();
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]) / Math.abs(a[i]));
    }
    return most;
  }

  private List<SampledImage> draw(Model model, SamplingExecutor executor) {
    return model
        .sampler(7)
        .executor(executor)
        .batch(work.images)
        .count(work.images)
        .images()
        .toList();
  }

  private static double alike(List<SampledImage> here, List<SampledImage> there) {
    long alike = 0;
    long all = 0;
    for (int i = 0; i < here.size(); i++) {
      int[] a = here.get(i).levels();
      int[] b = there.get(i).levels();
      all += a.length;
      for (int v = 0; v < a.length; v++) {
        alike += a[v] == b[v] ? 1 : 0;
      }
    }
    return (double) alike / all;
  }

  private void speed() {
    Definition definition =
        GatedPixelCnn.builder(new ImageSpec(28, 28, 1, 256)).blocks(8).maps(64).build();
    for (int batch : new int[] {16, 128}) {
      row(
          "training in batches of " + batch,
          perSecond(trained(definition, Device.cpu(), batch)),
          perSecond(trained(definition, device, batch)));
    }
    for (int batch : new int[] {64, 1024}) {
      row(
          "drawing " + batch + " in lockstep: the JVM's executor, and TensorFlow's",
          perSecond(drawn(definition, Device.cpu(), SamplingExecutor.jvm(), batch)),
          perSecond(drawn(definition, device, SamplingExecutor.tensorflow(), batch)));
    }
  }

  /** Images a second, without the first steps, which compile. */
  private double trained(Definition definition, Device on, int batch) {
    int steps = Math.max(2, work.timed / batch);
    try (Model model = Model.initial(definition, 1, on)) {
      Examples train = examples(definition, batch, 1);
      model.train(train, TrainingOptions.seed(1).steps(3).batch(batch).build());
      long began = System.nanoTime();
      model.resume(train, TrainingOptions.seed(1).steps(3 + steps).batch(batch).build());
      return (double) steps * batch / seconds(began);
    }
  }

  private static double drawn(
      Definition definition, Device on, SamplingExecutor executor, int batch) {
    try (Model model = Model.initial(definition, 1, on)) {
      long began = System.nanoTime();
      int drawn =
          model.sampler(1).executor(executor).batch(batch).count(batch).images().toList().size();
      return drawn / seconds(began);
    }
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static String perSecond(double images) {
    return String.format(Locale.ROOT, "%.1f images/s", images);
  }

  private void row(String... cells) {
    page.add(
        Arrays.stream(cells)
            .map(cell -> cell.replace("|", "\\|"))
            .reduce("|", (line, cell) -> line + " " + cell + " |"));
  }

  /**
   * Returns the device of a word, {@code gpu} or {@code cpu}.
   *
   * @throws IllegalArgumentException if it is another word
   * @throws IllegalStateException if there is no such device
   */
  static Device device(String word) {
    return switch (word) {
      case "gpu" -> Device.gpu(0);
      case "cpu" -> Device.cpu();
      default -> throw new IllegalArgumentException("expected gpu or cpu, found \"" + word + "\"");
    };
  }

  /**
   * Takes the page's file, and {@code gpu} or {@code cpu}; ends with 1 if a comparison failed, with
   * 2 if there is no such device.
   *
   * @throws IOException if the file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments.length > 0 ? arguments[0] : "devices.md");
    Device device;
    try {
      device = device(arguments.length > 1 ? arguments[1] : "gpu");
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Report report =
        compare(device, new Work(64, 20, device.isGpu() ? 2_048 : 64, FAMILIES.keySet()));
    report.page.forEach(System.out::println);
    Files.write(file, report.page);
    Printing.checkPrinted();
    if (report.failed > 0) {
      System.exit(1);
    }
  }
}
