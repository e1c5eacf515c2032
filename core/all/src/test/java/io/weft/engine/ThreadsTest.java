package io.weft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.internal.thread.Together;
import io.weft.model.PixelCnn;
import io.weft.testing.ChildJvm;
import io.weft.train.TrainingOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many threads a process computes with. */
class ThreadsTest {

  @AfterEach
  void lift() {
    Threads.unlimited();
  }

  @Test
  void ofOneThreadTheCallerDoesAll() {
    Threads.limit(1);
    assertEquals(OptionalInt.of(1), Threads.limit());
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    Together.forEach(50, i -> seen.add(Thread.currentThread()));
    assertEquals(Set.of(Thread.currentThread()), seen);
    Threads.unlimited();
    assertEquals(OptionalInt.empty(), Threads.limit());
    var error = assertThrows(IllegalArgumentException.class, () -> Threads.limit(0));
    assertTrue(error.getMessage().contains("at least 1 thread, found a limit of 0"));
  }

  @Test
  void whatJavaComputesStaysTheSame() {
    var digits = EmbeddedDigits.count(8).size(16).levels(4).seed(2).grey();
    try (Model model = Model.builtin("digits", Device.jvm())) {
      float[] free = model.score(Examples.labelled(digits, "digit")).values();
      Threads.limit(1);
      assertTrue(Arrays.equals(free, model.score(Examples.labelled(digits, "digit")).values()));
    }
  }

  /** What runs in a process of its own, in which TensorFlow has one set of threads. */
  static final class Late {
    public static void main(String[] arguments) {
      Threads.limit(1);
      train();
      train();
      Threads.limit(2);
      train();
    }

    private static void train() {
      var digits = EmbeddedDigits.count(4).size(8).levels(2).seed(2).grey();
      try (Model model = Model.initial(PixelCnn.of(digits.spec(), 1, 4, 3), 1)) {
        model.train(Examples.of(digits), TrainingOptions.seed(1).steps(1).build());
        System.out.println("trained");
      }
    }
  }

  /** The same, where a model was there before the limit. */
  static final class Before {
    public static void main(String[] arguments) {
      var digits = EmbeddedDigits.count(4).size(8).levels(2).seed(2).grey();
      try (Model model = Model.initial(PixelCnn.of(digits.spec(), 1, 4, 3), 1)) {
        Threads.limit(1);
        model.score(Examples.of(digits));
        Late.train();
      }
    }
  }

  private static String said(Class<?> main, int exit) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(ChildJvm.command("256m", main));
    builder.environment().remove("TF_OVERRIDE_GLOBAL_THREADPOOL");
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exit, process.waitFor(), said);
    return said;
  }

  @Test
  void aLimitBeforeTensorFlowIsUsedHoldsForModelsThatAreThere() throws Exception {
    String said = said(Before.class, 0);
    assertTrue(said.contains("trained"), said);
  }

  @Test
  void aLaterLimitThanTensorFlowsFirstIsRefusedInWords() throws Exception {
    String said = said(Late.class, 1);
    assertEquals(2, said.lines().filter("trained"::equals).count(), said);
    assertTrue(
        said.contains(
            "TensorFlow is to compute with 2 threads, but this process began to use it with 1"),
        said);
  }
}
