package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weft.Model;
import io.weft.save.ModelFormatException;
import io.weft.testing.SavedModels;
import io.weft.train.FineTune;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that somebody edited and signed again: what is no training state is named. */
class EditedManifestTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void save() throws IOException {
    folder = temporary.resolve("m");
    try (Model model = SavedModels.trained(2)) {
      model.save(folder);
    }
  }

  /** Changes the manifest and signs it as Weft does. */
  private void edit(Consumer<ObjectNode> change) throws IOException {
    Path file = folder.resolve(Manifest.FILE);
    ObjectNode tree = (ObjectNode) JSON.readTree(file.toFile());
    change.accept(tree);
    tree.remove("digest");
    byte[] compact = tree.toString().getBytes(StandardCharsets.UTF_8);
    tree.put("digest", Fingerprint.of(compact).sha256());
    Files.write(file, JSON.writeValueAsBytes(tree));
  }

  private void refuses(String words, Consumer<ObjectNode> change) throws IOException {
    byte[] whole = Files.readAllBytes(folder.resolve(Manifest.FILE));
    edit(change);
    var error = assertThrows(ModelFormatException.class, () -> Model.load(folder).close());
    assertTrue(error.getMessage().contains(words), error.getMessage());
    assertTrue(error.getMessage().contains(Manifest.FILE), error.getMessage());
    Files.write(folder.resolve(Manifest.FILE), whole);
  }

  private static ObjectNode run(ObjectNode tree) {
    return (ObjectNode) tree.get("run");
  }

  private static ObjectNode record(ObjectNode tree) {
    return (ObjectNode) tree.get("history").get(0);
  }

  @Test
  void anEditThatChangesNothingLoads() throws IOException {
    edit(tree -> {});
    try (Model model = Model.load(folder)) {
      assertEquals(2, model.snapshot().steps());
    }
  }

  @Test
  void stepsAreWholeNumbersInOrder() throws IOException {
    refuses("step -5", tree -> tree.put("step", -5));
    refuses("1.7", tree -> tree.put("step", 1.7));
    refuses("\"2\"", tree -> tree.put("step", "2"));
    refuses("step 2 of a run from 3", tree -> run(tree).put("start", 3));
    refuses("run from -1", tree -> run(tree).put("start", -1));
    refuses("0.5", tree -> run(tree).put("start", 0.5));
    refuses("the loss of 3 steps", tree -> run(tree).put("steps", 3));
    refuses("-1 steps", tree -> run(tree).put("steps", -1));
    refuses("together", tree -> tree.putNull("run"));
    refuses("together", tree -> tree.putNull("step"));
  }

  private long optimiserStart() throws IOException {
    try (Model model = Model.load(folder)) {
      return model.snapshot().state().orElseThrow().optimiserStart();
    }
  }

  @Test
  void anOptimiserBeginsWithItsRunOrBefore() throws IOException {
    refuses("one from step 1 in a run from 0", tree -> run(tree).put("optimiserStart", 1));
    refuses("one from step -1", tree -> run(tree).put("optimiserStart", -1));
    refuses("0.5", tree -> run(tree).put("optimiserStart", 0.5));
  }

  /** Runs that kept an optimiser counted all steps of the model, and go on so. */
  @Test
  void whereAnOptimiserBeganIsWhatOlderManifestsMeant() throws IOException {
    try (Model model = SavedModels.trained(2)) {
      model.train(SavedModels.EXAMPLES, SavedModels.options(1));
      model.save(folder);
      edit(tree -> assertFalse(run(tree).has("optimiserStart")));
      assertEquals(2, optimiserStart());
      TrainingOptions keeping =
          TrainingOptions.seed(3)
              .steps(1)
              .batch(16)
              .polyak(0.9)
              .clipNorm(1)
              .fineTune(FineTune.KEPT)
              .build();
      model.train(SavedModels.EXAMPLES, keeping);
      model.save(folder);
    }
    assertEquals(2, optimiserStart());
    edit(tree -> run(tree).remove("optimiserStart"));
    assertEquals(0, optimiserStart());
  }

  @Test
  void anAverageThatIsNotThereIsMissed() throws IOException {
    edit(tree -> run(tree).put("averaged", true));
    var error = assertThrows(ModelFormatException.class, () -> Model.load(folder).close());
    assertTrue(error.getMessage().contains("average/"), error.getMessage());
  }

  @Test
  void recordsAreOfStepsInOrder() throws IOException {
    refuses("found first -1", tree -> record(tree).put("firstStep", -1));
    refuses("found first 9, last 2", tree -> record(tree).put("firstStep", 9));
    refuses("kept 7", tree -> record(tree).put("keptStep", 7));
    refuses("1.5", tree -> record(tree).put("lastStep", 1.5));
  }
}
