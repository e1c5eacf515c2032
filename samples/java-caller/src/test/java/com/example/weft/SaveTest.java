package com.example.weft;

import static com.example.weft.Digits.TRAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.save.ModelFormatException;
import io.weft.train.TrainingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models are saved, loaded and exported. */
class SaveTest {

  @TempDir private Path folder;

  @Test
  void aLoadedModelIsTheModelThatWasSaved() throws IOException {
    Path place = folder.resolve("digits");
    try (Model model = Digits.untrained()) {
      model.train(TRAIN, TrainingOptions.seed(1).steps(3).build());
      // region save
      model.save(place);
      try (Model loaded = Model.load(place)) {
        loaded.resume(TRAIN, TrainingOptions.seed(1).steps(6).build()); // in all: three more
      }
      // endregion
      try (Model loaded = Model.load(place)) {
        assertEquals(model.definition(), loaded.definition());
        assertEquals(model.history(), loaded.history());
        assertEquals(
            model.sampler(7).labels(i -> 3).images().toList(),
            loaded.sampler(7).labels(i -> 3).images().toList());
      }
    }
  }

  @Test
  void aSlimZipGoesWithAProgram() throws IOException {
    Path zip = folder.resolve("digits.zip");
    try (Model model = Digits.untrained()) {
      model.train(TRAIN, TrainingOptions.seed(1).steps(1).build());
      // region zip
      try (Model slim = model.withoutTrainingState();
          OutputStream out = Files.newOutputStream(zip)) {
        slim.save(out);
      }
      try (InputStream in = Files.newInputStream(zip);
          Model loaded = Model.load(in)) {
        loaded.sampler(7).labels(image -> 3).images().toList();
      }
      // endregion
      try (Model loaded = Model.load(zip)) {
        assertTrue(loaded.snapshot().state().isEmpty());
        assertEquals(
            model.sampler(7).labels(i -> 3).images().toList(),
            loaded.sampler(7).labels(i -> 3).images().toList());
      }
    }
    assertThrows(
        ModelFormatException.class, () -> Model.loadResource(SaveTest.class, "digits").close());
  }

  @Test
  void whatIsNoModelIsRefused() throws IOException {
    var refused = assertThrows(ModelFormatException.class, () -> Model.load(folder));
    assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
    Files.writeString(folder.resolve("notes.txt"), "mine");
    try (Model model = Digits.untrained()) {
      assertThrows(ModelFormatException.class, () -> model.save(folder));
    }
    assertEquals("mine", Files.readString(folder.resolve("notes.txt")));
  }

  @Test
  void aModelIsExportedForOtherLanguages() throws IOException {
    Path place = folder.resolve("saved-model");
    try (Model model = Digits.untrained()) {
      model.exportSavedModel(place);
    }
    assertTrue(Files.size(place.resolve("saved_model.pb")) > 0);
  }

  @Test
  void aClosedModelSaysSo() {
    Model model = Digits.untrained();
    model.close();
    model.close();
    var refused = assertThrows(IllegalStateException.class, () -> model.sampler(1));
    assertTrue(refused.getMessage().contains("closed"), refused.getMessage());
  }
}
