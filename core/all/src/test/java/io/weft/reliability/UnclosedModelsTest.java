package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Forgetful;
import io.weft.testing.ChildJvm;
import io.weft.testing.ResidentMemory;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Models, trainings and series that nobody closes: their memory comes back, and the log says so.
 */
class UnclosedModelsTest {

  /** Each of the models that are made after the first would keep 2 MB or more for ever. */
  private static final int MOST_GROWTH = 90;

  @Test
  void leaveNoNativeMemoryBehind() throws Exception {
    ResidentMemory.assumeMeasurable();
    ChildJvm.Ended ended = ChildJvm.run(ChildJvm.command("128m", Forgetful.class));
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
