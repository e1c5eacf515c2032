package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.engine.Device;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.json.LayerCatalog;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import io.weft.testing.SavedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {

  @TempDir Path temporary;

  /** A layer that is not Weft's: doubles its input. */
  record Doubled() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0).plus(inputs.read(0));
    }
  }

  @Test
  void keepsEverything() throws IOException {
    Path folder = temporary.resolve("missing parent").resolve("modèle");
    try (Model model = SavedModels.trained(3)) {
      model.save(folder);
      try (Model loaded = Model.load(folder)) {
        assertEquals(model.definition(), loaded.definition());
        SavedModels.assertSame(model.snapshot(), loaded.snapshot());
        assertEquals(model.history(), loaded.history());
        assertEquals(
            model.score(SavedModels.EXAMPLES).meanNats(),
            loaded.score(SavedModels.EXAMPLES).meanNats());
      }
    }
    assertEquals(
        List.of(
            "definition.json",
            "model.json",
            "training.data-00000-of-00001",
            "training.index",
            "weights.data-00000-of-00001",
            "weights.index"),
        SavedModels.names(folder));
    assertEquals(List.of("modèle"), SavedModels.names(folder.getParent()));
  }

  @Test
  void keepsAModelThatWasNeverTrained() throws IOException {
    Path folder = temporary.resolve("m");
    try (Model model = Model.initial(SavedModels.definition(), 9)) {
      model.save(folder);
      try (Model loaded = Model.load(folder)) {
        SavedModels.assertSame(model.snapshot(), loaded.snapshot());
      }
    }
    assertEquals(4, SavedModels.names(folder).size());
  }

  @Test
  void trainingGoesOnBitForBit() throws IOException {
    Path folder = temporary.resolve("m");
    try (Model whole = SavedModels.trained(7);
        Model part = SavedModels.trained(3)) {
      part.save(folder);
      try (Model loaded = Model.load(folder)) {
        loaded.resume(SavedModels.EXAMPLES, SavedModels.options(7));
        SavedModels.assertSame(whole.snapshot(), loaded.snapshot());
        assertEquals(1, loaded.history().size());
        loaded.save(folder);
      }
      try (Model again = Model.load(folder)) {
        SavedModels.assertSame(whole.snapshot(), again.snapshot());
      }
    }
  }

  @Test
  void aLayerOfOnesOwnNeedsItsCatalog() throws IOException {
    ModelBuilder builder = ModelBuilder.of("own", SavedModels.DIGITS.spec());
    Definition definition =
        builder.softmax(
            builder
                .image()
                .apply(CausalConvolution.square(4, 3, MaskType.A))
                .apply("doubled", new Doubled()));
    LayerCatalog catalog = LayerCatalog.standard().with("doubled", Doubled.class);
    Path folder = temporary.resolve("m");
    try (Model model = Model.initial(definition, 1)) {
      assertThrows(DefinitionException.class, () -> model.save(folder));
      assertEquals(List.of(), SavedModels.names(temporary));
      model.save(folder, catalog);
      try (Model loaded = Model.load(folder, catalog, Device.cpu())) {
        assertEquals(definition, loaded.definition());
      }
    }
    String message = refused(folder);
    assertTrue(message.contains("doubled") && message.contains("catalog"), message);
  }

  @Test
  void followsALink() throws IOException {
    Path real = Files.createDirectory(temporary.resolve("real"));
    Path link = temporary.resolve("link");
    Files.createSymbolicLink(link, real);
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      model.save(link);
      model.save(link);
    }
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(4, SavedModels.names(real).size());
  }

  @Test
  void neverReplacesWhatIsNoModel() throws IOException {
    Path foreign = Files.createDirectory(temporary.resolve("thesis"));
    Files.writeString(foreign.resolve("chapter1.txt"), "years of work");
    Path file = Files.writeString(temporary.resolve("file"), "a file");
    Path lookalike = Files.createDirectory(temporary.resolve("other"));
    Files.writeString(lookalike.resolve("model.json"), "{\"format\": \"other\"}");
    Path extended = temporary.resolve("m");
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      model.save(extended);
      Files.writeString(extended.resolve("notes.txt"), "dear to me");
      for (Path folder : List.of(foreign, file, lookalike, extended)) {
        var error = assertThrows(ModelFormatException.class, () -> model.save(folder));
        assertTrue(error.getMessage().contains(folder.toString()), error.getMessage());
      }
    }
    assertEquals("years of work", Files.readString(foreign.resolve("chapter1.txt")));
    assertEquals("a file", Files.readString(file));
    assertEquals("dear to me", Files.readString(extended.resolve("notes.txt")));
    assertEquals(List.of("file", "m", "other", "thesis"), SavedModels.names(temporary));
    Model.load(extended).close();
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertTrue(refused(temporary.resolve("nowhere")).contains("no such file"));
    String file = refused(Files.writeString(temporary.resolve("file"), "{}"));
    assertTrue(file.contains("found a file") && file.contains("Give the folder"), file);
    Path folder = temporary.resolve("m");
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      model.save(folder);
    }
    String manifest = Files.readString(folder.resolve("model.json"));

    Files.writeString(
        folder.resolve("model.json"), manifest.replace("\"version\" : 1", "\"version\" : 2"));
    String newer = refused(folder);
    assertTrue(newer.contains("newer Weft") && newer.contains("Update"), newer);

    Files.writeString(folder.resolve("model.json"), manifest.replace("\"small\"", "\"better\""));
    assertTrue(refused(folder).contains("edited"));

    Files.writeString(folder.resolve("model.json"), manifest);
    Path definition = folder.resolve("definition.json");
    String text = Files.readString(definition);
    Files.writeString(definition, text.replace("0.25", "0.5"));
    String edited = refused(folder);
    assertTrue(edited.contains("definition.json") && edited.contains("edited"), edited);

    Files.writeString(definition, text);
    Files.delete(folder.resolve("weights.index"));
    assertTrue(refused(folder).contains("weights.index: found no such file"));
  }

  @Test
  void refusesWholeFilesThatDoNotBelongTogether() throws IOException {
    Path folder = temporary.resolve("m");
    Path wider = temporary.resolve("wider");
    ModelBuilder builder = ModelBuilder.of("other", SavedModels.DIGITS.spec());
    Definition other =
        builder.softmax(builder.image().apply("first", CausalConvolution.square(4, 5, MaskType.A)));
    try (Model model = Model.initial(SavedModels.definition(), 1);
        Model second = Model.initial(other, 1)) {
      model.save(folder);
      second.save(wider);
    }
    // A consistent manifest over the weights of another model: every hash is right.
    String[] weights = {"weights.index", "weights.data-00000-of-00001"};
    for (String file : weights) {
      Files.write(folder.resolve(file), Files.readAllBytes(wider.resolve(file)));
    }
    Signing.sign(folder, weights);
    String message = refused(folder);
    assertTrue(message.contains("weights.index") && message.contains("weights/"), message);
  }

  @Test
  void aPlaceThatCannotBeWrittenIsAClearError() throws IOException {
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      Path file = Files.writeString(temporary.resolve("file"), "");
      assertThrows(IOException.class, () -> model.save(file.resolve("m")));
      Path kernel = Path.of("/proc/self");
      assumeTrue(Files.isDirectory(kernel));
      assertThrows(IOException.class, () -> model.save(kernel.resolve("m")));
    }
  }

  @Test
  void aReadOnlyParentLeavesTheOldModel() throws IOException {
    Path parent = Files.createDirectory(temporary.resolve("parent"));
    assumeTrue(Files.getFileStore(parent).supportsFileAttributeView("posix"));
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      model.save(parent.resolve("m"));
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-xr-xr-x"));
      try {
        assumeFalse(Files.isWritable(parent), "root may write anywhere");
        assertThrows(IOException.class, () -> model.save(parent.resolve("m")));
        Model.load(parent.resolve("m")).close();
      } finally {
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static String refused(Path folder) {
    return assertThrows(ModelFormatException.class, () -> Model.load(folder).close()).getMessage();
  }
}
