package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.model.GatedPixelCnn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class LoggingListenerTest {

  private static final StepTime TIME =
      new StepTime(Duration.ZERO, Duration.ofMillis(200), Duration.ZERO);

  private final Lines lines = new Lines();

  /** Keeps what is logged. */
  private static final class Lines extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient List<String> all = new ArrayList<>();

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String pattern,
        Object @Nullable [] arguments,
        @Nullable Throwable cause) {
      all.add(level + " " + MessageFormatter.arrayFormat(pattern, arguments).getMessage());
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return Lines.class.getName();
    }

    @Override
    public boolean isTraceEnabled() {
      return true;
    }

    @Override
    public boolean isDebugEnabled() {
      return true;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }

  @Test
  void writesEveryFewStepsEachValidationAndTheEnd() {
    LoggingListener listener = new LoggingListener(lines, 2);
    listener.on(new TrainingEvent.Stepped(1, 4, 1, 16, 2.5, 1, 1e-3, TIME));
    listener.on(new TrainingEvent.Stepped(2, 4, 1, 16, 1.23456, 1, 1e-3, TIME));
    listener.on(new TrainingEvent.Validated(2, 1, 1.75, 1.5, true, List.of(-66.5)));
    listener.on(new TrainingEvent.Validated(4, 2, 1.25, 1.625, false, List.of(-72.1)));
    listener.on(new TrainingEvent.Finished(4, TrainingEvent.Reason.STOPPED_EARLY));
    assertEquals(
        List.of(
            "INFO step 2 of 4, epoch 1: 1.2346 bits per dimension",
            "INFO step 2: validation 1.5000 bits per dimension (best), training 1.7500",
            "INFO step 4: validation 1.6250 bits per dimension, training 1.2500",
            "INFO training ended after step 4: STOPPED_EARLY"),
        lines.all);
  }

  @Test
  void listensBesideAnother() {
    ImageSet digits = EmbeddedDigits.count(30).size(8).levels(2).seed(1).grey();
    List<Long> heard = new ArrayList<>();
    try (Model model =
        Model.initial(GatedPixelCnn.classConditional(digits.spec(), 10, 1, 4, 3), 1)) {
      model.train(
          Examples.labelled(digits, "class"),
          TrainingOptions.seed(1).epochs(1).batch(10).build(),
          new LoggingListener(lines, 1),
          event -> heard.add(event.step()));
    }
    assertEquals(List.of(1L, 2L, 3L, 3L, 3L), heard);
    assertEquals(4, lines.all.size(), "three steps and the end");
    assertTrue(lines.all.get(3).endsWith("after step 3: COMPLETED"), lines.all.get(3));
  }

  @Test
  void onceInLessThanOneStepIsRefused() {
    var error = assertThrows(IllegalArgumentException.class, () -> new LoggingListener(lines, 0));
    assertTrue(error.getMessage().contains("found 0"), error.getMessage());
  }
}
