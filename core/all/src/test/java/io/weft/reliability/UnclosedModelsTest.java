package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Forgetful;
import io.weft.testing.ChildJvm;
import io.weft.testing.ResidentMemory;
import io.weft.testing.SlowChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Models, trainings and series that nobody closes: their memory comes back, and the log says so.
 */
class UnclosedModelsTest {

  /**
   * Each of the 30 models that are made after the first would keep 2 MB or more for ever. In one
   * arena of glibc's 600 models grow by 14 MB; in as many as it makes for TensorFlow's threads by
   * 268 MB, which are free and in pieces.
   */
  private static final int MOST_GROWTH = 40;

  private static final int ROUNDS = SlowChecks.times(5, 40);

  @Test
  void leaveNoNativeMemoryBehind() throws Exception {
    ResidentMemory.assumeMeasurable();
    List<String> command = new ArrayList<>(List.of("env", "MALLOC_ARENA_MAX=1"));
    List<String> java = ChildJvm.command("128m", Forgetful.class, "" + ROUNDS);
    // Only whose memory is freed matters here.
    java.add(1, "-Dweft.tensorflow.rewriting=false");
    command.addAll(java);
    ChildJvm.Ended ended = ChildJvm.run(command);
    assertEquals(0, ended.exit(), ended.output());
    Matcher grew = Pattern.compile("grew by (-?\\d+) MB.*").matcher(ended.output());
    assertTrue(grew.find(), ended.output());
    System.out.println(grew.group());
    assertTrue(Integer.parseInt(grew.group(1)) < MOST_GROWTH, grew.group());
    for (String place : List.of("scored", "trained", "sampled")) {
      long lines =
          ended
              .output()
              .lines()
              .filter(line -> line.contains("made at com.example.Forgetful." + place + "(Forg"))
              .count();
      assertEquals(1, lines, place + " in " + ended.output());
    }
  }
}
