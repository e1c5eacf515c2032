package io.weft.watch;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.GatedPixelCnn;
import io.weft.train.StepTime;
import io.weft.train.TrainingEvent;
import io.weft.train.TrainingListener;
import io.weft.train.TrainingOptions;
import java.time.Duration;
import java.util.List;

/** A small training to watch, and events of none. */
final class Watched {

  private static final ImageSet DIGITS = EmbeddedDigits.count(60).size(8).levels(3).seed(5).grey();
  static final Examples TRAIN = Examples.labelled(DIGITS.take(40), "class");
  static final Examples TEST = Examples.labelled(DIGITS.slice(40, 60), "class");
  static final Definition GATED = GatedPixelCnn.classConditional(DIGITS.spec(), 10, 1, 4, 3);

  private Watched() {}

  /** Four steps of ten, two epochs, with validation. */
  static TrainingOptions.Builder options() {
    return TrainingOptions.seed(3).steps(4).batch(10).validateOn(TEST).validateEvery(2);
  }

  static void train(Model model, TrainingListener... listeners) {
    model.train(TRAIN, options().build(), listeners);
  }

  static TrainingEvent.Stepped stepped(long step, double bits) {
    var time = new StepTime(Duration.ofMillis(1), Duration.ofMillis(200), Duration.ofMillis(2));
    return new TrainingEvent.Stepped(step, 1000, 1, 16, bits, 0.5, 1e-3, time);
  }

  static TrainingEvent.Validated validated(long step, double bits) {
    return new TrainingEvent.Validated(step, 1, bits, bits, true, List.of(-3.0, -2.0));
  }
}
