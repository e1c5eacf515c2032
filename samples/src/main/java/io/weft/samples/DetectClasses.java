package io.weft.samples;

import io.weft.anomaly.Anomalies;
import io.weft.anomaly.AnomalyDetector;
import io.weft.anomaly.AnomalyScore;
import io.weft.anomaly.Auroc;
import io.weft.data.Cifar10;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.samples.cli.Printing;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The hardest anomalies: photographs of other things. A detector that has seen one class of
 * CIFAR-10 is asked how strange the other nine are; then the next class is the good one.
 *
 * <pre>{@code
 * mvn -q package -DskipTests
 * head -c 6146000 data_batch_1.bin > first.bin
 * java -cp "samples/target/weft/lib/*" io.weft.samples.DetectClasses first.bin
 * }</pre>
 */
public final class DetectClasses {

  private static final double UNSEEN = 0.25;

  private DetectClasses() {}

  /**
   * Says for each class of labelled images the area under the ROC curve by score, and the mean of
   * all classes at the end.
   *
   * @return the mean areas, in the order of {@link AnomalyScore#values()}
   */
  static double[] detect(ImageSet images, long steps, Consumer<String> say) {
    AnomalyScore[] scores = AnomalyScore.values();
    say.accept(DetectAnomalies.row("good", Arrays.stream(scores).map(AnomalyScore::label)));
    double[] mean = new double[scores.length];
    for (int good = 0; good < images.classes(); good++) {
      double[] areas = areas(images, good, steps);
      say.accept(DetectAnomalies.areas(images.classNames().get(good), Arrays.stream(areas)));
      for (int s = 0; s < areas.length; s++) {
        mean[s] += areas[s] / images.classes();
      }
    }
    say.accept(DetectAnomalies.areas("mean", Arrays.stream(mean)));
    return mean;
  }

  private static double[] areas(ImageSet images, int label, long steps) {
    ImageSet.Split good = images.ofClass(label).split(UNSEEN, label);
    ImageSet others =
        images.select(
            IntStream.range(0, images.size()).filter(i -> images.label(i) != label).toArray());
    Definition definition = GatedPixelCnn.builder(images.spec()).blocks(2).maps(18).build();
    TrainingOptions training =
        TrainingOptions.seed(1).steps(steps).batch(16).optimiser(Adam.withRate(3e-3)).build();
    try (AnomalyDetector detector =
        AnomalyDetector.builder(definition).training(training).falseAlarms(0.1).fit(good.train())) {
      Anomalies usual = detector.check(good.validation());
      Anomalies strange = detector.check(others);
      return Arrays.stream(AnomalyScore.values())
          .mapToDouble(s -> Auroc.of(usual.by(s).scores(), strange.by(s).scores()))
          .toArray();
    }
  }

  /** Runs the sample. The argument is a file of CIFAR-10's binary version. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      System.err.println("expected the path of a file of CIFAR-10, say data_batch_1.bin");
      System.exit(2);
    }
    ImageSet images = Cifar10.file(Path.of(arguments[0])).quantised(16);
    System.out.println(
        images
            + ", "
            + IntStream.range(0, images.classes())
                .mapToObj(c -> images.classNames().get(c) + " " + images.ofClass(c).size())
                .collect(Collectors.joining(", ")));
    detect(images, 300, System.out::println);
    Printing.checkPrinted();
  }
}
