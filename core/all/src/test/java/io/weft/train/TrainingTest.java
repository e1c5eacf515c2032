package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Baselines;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.engine.TrainingSteps;
import io.weft.model.GatedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.spec.ConditionValues;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TrainingTest {

  private static final ImageSet DIGITS =
      EmbeddedDigits.count(160).size(12).levels(4).seed(5).grey();
  private static final Examples TRAIN = Examples.labelled(DIGITS.take(128), "class");
  private static final Examples TEST = Examples.labelled(DIGITS.slice(128, 160), "class");
  private static final Definition GATED =
      GatedPixelCnn.classConditional(DIGITS.spec(), 10, 2, 8, 3);

  @Test
  void learnsMoreThanTheMarginals() {
    try (Model model = Model.initial(GATED, 1)) {
      double before = model.score(TEST).bitsPerDimension();
      model.train(
          TRAIN,
          TrainingOptions.seed(2).epochs(12).batch(16).optimiser(Adam.withRate(5e-3)).build());
      double after = model.score(TEST).bitsPerDimension();
      double marginal = Baselines.of(TRAIN.images(), TEST.images()).marginal();
      assertTrue(after < marginal, before + " -> " + after + ", marginal " + marginal);
    }
  }

  @Test
  void goesOnBitForBit() {
    var one = TrainingOptions.seed(3).steps(7).polyak(0.9).weightDecay(1e-4).clipNorm(1).build();
    var first = TrainingOptions.seed(3).steps(3).polyak(0.9).weightDecay(1e-4).clipNorm(1).build();
    try (Model whole = Model.initial(GATED, 1);
        Model parts = Model.initial(GATED, 1)) {
      whole.train(TRAIN, one);
      parts.train(TRAIN, first);
      try (Model again = Model.of(GATED, parts.snapshot(), Device.cpu())) {
        again.resume(TRAIN, one);
        assertSame(whole.weights(), again.weights());
        assertEquals(7, again.snapshot().state().orElseThrow().step());
        assertEquals(1, again.history().size());
      }
    }
  }

  @Test
  void reportsEventsInOrder() {
    List<String> events = new ArrayList<>();
    try (Model model = Model.initial(GATED, 1)) {
      var options = TrainingOptions.seed(1).epochs(2).batch(64).validateOn(TEST).build();
      var record =
          model.train(TRAIN, options, e -> events.add(e.getClass().getSimpleName() + e.step()));
      assertEquals(2, record.validations().size());
      assertEquals("COMPLETED", record.outcome());
    }
    assertEquals(
        List.of(
            "Stepped1",
            "Stepped2",
            "Validated2",
            "Checkpointed2",
            "Stepped3",
            "Stepped4",
            "Validated4",
            "Checkpointed4",
            "Finished4"),
        events);
  }

  @Test
  void checkpointsComeWhenAskedForAndAtTheEnd() {
    List<Long> checkpoints = new ArrayList<>();
    List<Long> saved = new ArrayList<>();
    try (Model model = Model.initial(GATED, 1)) {
      var options = TrainingOptions.seed(1).steps(3).batch(64).checkpointEvery(2).build();
      for (int run = 0; run < 2; run++) {
        model.train(
            TRAIN,
            options,
            event -> {
              if (event instanceof TrainingEvent.Checkpointed) {
                checkpoints.add(event.step());
                saved.add(model.snapshot().state().orElseThrow().step());
              }
            });
      }
    }
    assertEquals(List.of(2L, 3L, 5L, 6L), checkpoints, "every two of the run's steps");
    assertEquals(checkpoints, saved, "what the model then is");
  }

  @Test
  void listenersOfTheOptionsHearOfCancelling() {
    List<TrainingEvent> heard = new ArrayList<>();
    var options = TrainingOptions.seed(1).steps(9).listen(heard::add).build();
    try (Model model = Model.initial(GATED, 1);
        Training run = model.training(TRAIN, options)) {
      run.next();
    }
    assertEquals(2, heard.size());
    assertEquals(new TrainingEvent.Finished(1, TrainingEvent.Reason.CANCELLED), heard.get(1));
  }

  @Test
  void aListenerThatThrowsDoesNotHideWhyTrainingFailed() {
    var broken = new UnsupportedOperationException("mine");
    try (Model model = Model.initial(GATED, 1)) {
      var options =
          TrainingOptions.seed(1)
              .epochs(50)
              .optimiser(Adam.withRate(1e30))
              .listen(
                  event -> {
                    if (event instanceof TrainingEvent.Finished finished) {
                      assertEquals(TrainingEvent.Reason.FAILED, finished.reason());
                      throw broken;
                    }
                  })
              .build();
      var error = assertThrows(TrainingException.class, () -> model.train(TRAIN, options));
      assertEquals(List.of(broken), List.of(error.getSuppressed()));
      assertEquals("FAILED", model.history().get(0).outcome());
    }
  }

  @Test
  void stopsAtAValueThatIsNotFinite() {
    try (Model model = Model.initial(GATED, 1)) {
      var options = TrainingOptions.seed(1).epochs(50).optimiser(Adam.withRate(1e30)).build();
      var error = assertThrows(TrainingException.class, () -> model.train(TRAIN, options));
      assertTrue(error.getMessage().startsWith("step "), error.getMessage());
      assertTrue(error.getMessage().contains("block"), error.getMessage());
      for (String name : model.weights().names()) {
        for (float value : model.weights().values(name)) {
          assertTrue(Float.isFinite(value), name);
        }
      }
    }
  }

  @Test
  void cancellingLeavesTheModelUsable() {
    try (Model model = Model.initial(GATED, 1)) {
      try (Training run = model.training(TRAIN, TrainingOptions.seed(1).epochs(9).build())) {
        run.next();
        run.next();
        assertThrows(
            IllegalStateException.class,
            () -> model.training(TRAIN, TrainingOptions.seed(1).build()));
      }
      assertEquals("CANCELLED", model.history().get(0).outcome());
      assertEquals(2, model.snapshot().state().orElseThrow().step());
      assertTrue(Double.isFinite(model.score(TEST).bitsPerDimension()));
      model.train(TRAIN, TrainingOptions.seed(1).steps(1).build());
    }
  }

  /** An engine that can no longer say what its steps have come to once {@code lost} says so. */
  private static Engine losing(AtomicBoolean lost) {
    return changed(
        Engine.class,
        Engine.on(Device.cpu()),
        "training",
        steps ->
            changed(
                TrainingSteps.class,
                (TrainingSteps) steps,
                "fetchState",
                state -> {
                  if (lost.get()) {
                    throw new OutOfMemoryError("of the test");
                  }
                  return state;
                }));
  }

  /** Returns what does as {@code of} does, but for what comes of one method. */
  private static <T> T changed(Class<T> type, T of, String name, UnaryOperator<Object> change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object found;
              try {
                found = method.invoke(of, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              return method.getName().equals(name) ? change.apply(found) : found;
            }));
  }

  /** Writes down what it hears, in words. */
  private record Heard(List<String> words) implements Training.Outcome {
    @Override
    public void publish(Weights weights, TrainingState state, TrainingRecord record) {
      words.add(record.outcome() + " at step " + state.step());
    }

    @Override
    public void publishNothing() {
      words.add("nothing");
    }
  }

  /** A model that did not hear of it could not be trained again. */
  @Test
  void anEndWhoseResultIsLostIsHeardOf() {
    for (boolean saved : new boolean[] {false, true}) {
      AtomicBoolean lost = new AtomicBoolean();
      Heard heard = new Heard(new ArrayList<>());
      var options = TrainingOptions.seed(1).steps(9).batch(64).checkpointEvery(1).build();
      var start = TrainingStart.anew(Weights.initial(GATED, 1), 0);
      Training run = Training.of(GATED, TRAIN, options, start, losing(lost), heard, List.of());
      run.next();
      if (saved) {
        run.next();
        run.next();
      }
      lost.set(true);
      assertThrows(OutOfMemoryError.class, run::close);
      assertEquals(
          saved ? List.of("RUNNING at step 1", "FAILED at step 1") : List.of("nothing"),
          heard.words());
      assertFalse(run.hasNext());
      run.close();
    }
  }

  @Test
  void saysWhereAStepsTimeWent() {
    try (Model model = Model.initial(GATED, 1);
        Training run = model.training(TRAIN, TrainingOptions.seed(1).steps(3).build())) {
      for (int i = 0; i < 3; i++) {
        long before = System.nanoTime();
        StepTime time = ((TrainingEvent.Stepped) run.next()).time();
        long waited = System.nanoTime() - before;
        assertTrue(!time.input().isNegative() && !time.rest().isNegative(), time.toString());
        assertTrue(time.run().toNanos() > 0, time.toString());
        assertTrue(time.total().toNanos() <= waited, time + " of " + waited);
      }
    }
  }

  @Test
  void whatTheExamplesThrowReachesTheStepItBelongsTo() {
    var order = new ExampleOrder(128, 16, 1).indices(2);
    AtomicInteger broken = new AtomicInteger(-1);
    Examples examples =
        Examples.conditioned(
            DIGITS.take(128),
            i -> {
              if (i == broken.get()) {
                throw new IllegalStateException("image " + i + " is gone");
              }
              return ConditionValues.none().withLabel("class", DIGITS.label(i));
            });
    try (Model model = Model.initial(GATED, 1);
        Model whole = Model.initial(GATED, 1)) {
      try (Training run = model.training(examples, TrainingOptions.seed(1).steps(5).build())) {
        broken.set(order[3]);
        assertEquals(1, run.next().step());
        assertEquals(2, run.next().step());
        var error = assertThrows(IllegalStateException.class, run::next);
        assertEquals("image " + order[3] + " is gone", error.getMessage());
        broken.set(-1);
        while (run.hasNext()) {
          run.next();
        }
      }
      whole.train(TRAIN, TrainingOptions.seed(1).steps(5).build());
      assertSame(whole.weights(), model.weights());
    }
  }

  @Test
  void asksForConditionsOnItsOwnThreadWhichEndsWithTheRun() throws InterruptedException {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Examples examples =
        Examples.conditioned(
            DIGITS.take(128),
            i -> {
              threads.add(Thread.currentThread());
              return ConditionValues.none().withLabel("class", DIGITS.label(i));
            });
    try (Model model = Model.initial(GATED, 1)) {
      Training closed = model.training(examples, TrainingOptions.seed(1).steps(9).build());
      threads.clear();
      closed.next();
      closed.close();
      model.train(examples, TrainingOptions.seed(1).steps(2).build());
    }
    threads.remove(Thread.currentThread());
    assertEquals(2, threads.size());
    for (Thread thread : threads) {
      assertTrue(thread.isDaemon());
      thread.join();
    }
  }

  /** The step waits for them, and closing would wait for the step. */
  @Test
  @Timeout(60)
  void conditionsThatCloseTheirTrainingAreRefused() {
    AtomicReference<Optional<Training>> open = new AtomicReference<>(Optional.empty());
    Examples examples =
        Examples.conditioned(
            DIGITS.take(128),
            i -> {
              open.get().ifPresent(Training::close);
              return ConditionValues.none().withLabel("class", DIGITS.label(i));
            });
    try (Model model = Model.initial(GATED, 1);
        Training run = model.training(examples, TrainingOptions.seed(1).steps(5).build())) {
      open.set(Optional.of(run));
      var error = assertThrows(IllegalStateException.class, run::next);
      assertTrue(error.getMessage().endsWith("may not close it"), error.getMessage());
      open.set(Optional.empty());
      assertEquals(1, run.next().step());
    }
  }

  @Test
  void aBatchLargerThanTheSetTakesAllOfIt() {
    for (int batch : new int[] {129, 1 << 30, Integer.MAX_VALUE}) {
      var options = TrainingOptions.seed(1).epochs(2).batch(batch).validateOn(TEST).build();
      List<TrainingEvent> events = new ArrayList<>();
      try (Model model = Model.initial(GATED, 1)) {
        assertEquals(2, model.train(TRAIN, options, events::add).lastStep());
      }
      assertEquals(1, options.stepsPerEpoch(TRAIN));
      assertEquals(
          List.of(128, 128),
          events.stream()
              .filter(TrainingEvent.Stepped.class::isInstance)
              .map(event -> ((TrainingEvent.Stepped) event).images())
              .toList());
    }
  }

  @Test
  void anEventPrintsAsOneShortLine() {
    List<Double> each = Collections.nCopies(1_000, -12.345);
    String text = new TrainingEvent.Validated(4, 2, 1.5, 1.25, true, each).toString();
    assertEquals(
        "Validated[step=4, epoch=2, trainingBits=1.5, validationBits=1.25, best=true,"
            + " examples=1000]",
        text);
  }

  @Test
  void refusesExamplesThatDoNotFit() {
    try (Model model = Model.initial(GATED, 1)) {
      var options = TrainingOptions.seed(1).build();
      var other =
          Examples.labelled(EmbeddedDigits.count(10).size(12).levels(16).seed(5).grey(), "class");
      assertThrows(IllegalArgumentException.class, () -> model.train(other, options));
      assertThrows(IllegalArgumentException.class, () -> model.train(Examples.of(DIGITS), options));
    }
  }

  private static void assertSame(Weights expected, Weights found) {
    for (String name : expected.names()) {
      assertArrayEquals(expected.values(name), found.values(name), name);
    }
  }
}
