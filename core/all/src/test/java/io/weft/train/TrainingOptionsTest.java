package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.engine.Precision;
import io.weft.optimise.RmsProp;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which options decide what a step does: runs that differ in one are not gone on with. */
class TrainingOptionsTest {

  /** Another value of each option that decides what a step does. */
  private static final Map<String, UnaryOperator<TrainingOptions.Builder>> METHOD =
      Map.ofEntries(
          Map.entry("batch", b -> b.batch(3)),
          Map.entry("microBatch", b -> b.microBatch(3)),
          Map.entry("fineTune", b -> b.fineTune(FineTune.KEPT)),
          Map.entry("freeze", b -> b.freeze("first")),
          Map.entry("trainOnly", b -> b.trainOnly("first")),
          Map.entry("layerRate", b -> b.layerRate("first", 0.1)),
          Map.entry("optimiser", b -> b.optimiser(RmsProp.withRate(0.1))),
          Map.entry("recipe", b -> b.recipe(TrainingRecipe.smallBatches(0.1))),
          Map.entry("weightDecay", b -> b.weightDecay(0.1)),
          Map.entry("clipNorm", b -> b.clipNorm(2)),
          Map.entry("polyak", b -> b.polyak(0.9)),
          Map.entry("precision", b -> b.precision(Precision.BFLOAT16)));

  /** How long training takes, who watches, and which of its weights are kept. */
  private static final Set<String> AROUND =
      Set.of(
          "epochs",
          "steps",
          "threads",
          "validateOn",
          "validateEvery",
          "stopEarly",
          "keep",
          "checkpointEvery",
          "listen",
          "control",
          "metric");

  private static TrainingOptions.Builder options() {
    return TrainingOptions.seed(1);
  }

  @Test
  void whatDecidesAStepIsPartOfTheMethod() {
    String plain = options().build().method();
    METHOD.forEach(
        (name, change) -> {
          String changed = change.apply(options()).build().method();
          assertTrue(!changed.equals(plain), name + " is not part of TrainingOptions.method()");
        });
    assertTrue(!TrainingOptions.seed(2).build().method().equals(plain));
  }

  @Test
  void noOptionIsLeftOut() {
    Set<String> options =
        Arrays.stream(TrainingOptions.Builder.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> method.getReturnType() == TrainingOptions.Builder.class)
            .map(Method::getName)
            .collect(Collectors.toSet());
    options.removeAll(AROUND);
    options.removeAll(METHOD.keySet());
    assertEquals(Set.of(), options, "options of which this test does not say what they decide");
  }
}
