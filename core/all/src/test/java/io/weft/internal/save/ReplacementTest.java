package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.json.LayerCatalog;
import io.weft.testing.SavedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model beside its place takes it, or does not. */
class ReplacementTest {

  private static ModelContents model;

  @TempDir Path temporary;

  @BeforeAll
  static void train() {
    try (var trained = SavedModels.trained(2)) {
      model = ModelContents.of(trained);
    }
  }

  private Path place() {
    return temporary.resolve("m");
  }

  private Replacement written() throws IOException {
    return Replacement.write(place(), model, ModelFormat.files(model, LayerCatalog.standard()));
  }

  private Map<String, byte[]> saved() throws IOException {
    try (Replacement first = written()) {
      first.publish();
    }
    return SavedModels.files(place());
  }

  private static void assertSame(Map<String, byte[]> expected, Map<String, byte[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
  }

  @Test
  void oneThatIsNotPublishedLeavesTheOld() throws IOException {
    Map<String, byte[]> before = saved();
    try (Replacement other = written()) {
      assertSame(before, SavedModels.files(place()));
      other.withdraw();
    }
    assertSame(before, SavedModels.files(place()));
    assertEquals(List.of("m"), SavedModels.names(temporary));
  }

  @Test
  void oneThatIsWithdrawnGivesTheOldBack() throws IOException {
    Map<String, byte[]> before = saved();
    try (Replacement other = written()) {
      other.publish();
      other.withdraw();
    }
    assertSame(before, SavedModels.files(place()));
    assertEquals(List.of("m"), SavedModels.names(temporary));
  }

  @Test
  void theFirstThatIsWithdrawnLeavesNothing() throws IOException {
    try (Replacement first = written()) {
      first.publish();
      assertEquals(true, SavedModels.names(temporary).contains("m"));
      first.withdraw();
    }
    assertEquals(List.of(), SavedModels.names(temporary));
  }
}
