package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.weft.Model;
import io.weft.save.ModelFormatException;
import io.weft.testing.SavedModels;
import io.weft.testing.Zips;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model as a zip, a resource, and on other file systems. */
class ModelZipTest {

  @TempDir static Path temporary;

  private static Model model;
  private static Map<String, byte[]> files;

  @BeforeAll
  static void save() throws IOException {
    model = SavedModels.trained(1);
    model.save(temporary.resolve("m"));
    files = SavedModels.files(temporary.resolve("m"));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Map<String, byte[]> in(String folder) {
    Map<String, byte[]> inside = new LinkedHashMap<>();
    files.forEach((name, bytes) -> inside.put(folder + name, bytes));
    return inside;
  }

  private static void assertLoads(byte[] zip) throws IOException {
    try (Model loaded = Model.load(new ByteArrayInputStream(zip))) {
      SavedModels.assertSame(model.snapshot(), loaded.snapshot());
      assertEquals(model.definition(), loaded.definition());
      assertEquals(model.history(), loaded.history());
    }
  }

  private static String refused(byte[] zip) {
    return assertThrows(
            ModelFormatException.class, () -> Model.load(new ByteArrayInputStream(zip)).close())
        .getMessage();
  }

  @Test
  void goesThroughAStreamThatStaysOpen() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.save(bytes);
    InputStream in =
        new ByteArrayInputStream(bytes.toByteArray()) {
          @Override
          public void close() {
            throw new AssertionError("closed by the reader");
          }
        };
    try (Model loaded = Model.load(in)) {
      SavedModels.assertSame(model.snapshot(), loaded.snapshot());
    }
    Map<String, byte[]> unpacked = Zips.unpacked(bytes.toByteArray());
    // The manifest first, so that what follows is known; its files are those of the folder.
    assertEquals("model.json", unpacked.keySet().iterator().next());
    unpacked.remove("model.json");
    assertEquals(files.size() - 1, unpacked.size());
    unpacked.forEach((name, content) -> assertArrayEquals(files.get(name), content, name));
  }

  @Test
  void takesAnyOrderAFolderAndWhatFileBrowsersDrop() throws IOException {
    assertLoads(Zips.of(files));
    List<String> names = new ArrayList<>(files.keySet());
    Collections.reverse(names);
    Map<String, byte[]> others = new LinkedHashMap<>();
    others.put("__MACOSX/digits/._model.json", new byte[] {1});
    others.put("digits/", new byte[0]);
    others.put("digits/.DS_Store", new byte[100]);
    names.forEach(name -> others.put("digits/" + name, files.get(name)));
    assertLoads(Zips.of(others));
  }

  @Test
  void refusesWhatIsNoModel() throws IOException {
    assertTrue(refused(new byte[0]).contains("no model.json"));
    assertTrue(refused("text".getBytes(StandardCharsets.UTF_8)).contains("no model.json"));
    assertTrue(refused(Zips.of(Map.of("notes.txt", new byte[1]))).contains("\"notes.txt\""));
    Map<String, byte[]> two = in("a/");
    two.putAll(in("b/"));
    assertTrue(refused(Zips.of(two)).contains("b/"), refused(Zips.of(two)));
    Map<String, byte[]> mixed = in("a/");
    mixed.put("b/weights.index", mixed.remove("a/weights.index"));
    assertTrue(refused(Zips.of(mixed)).contains("b/weights.index"), refused(Zips.of(mixed)));
    Map<String, byte[]> without = in("");
    without.remove("weights.index");
    String missing = refused(Zips.of(without));
    assertTrue(missing.contains("weights.index: found no such file"), missing);
    Map<String, byte[]> bomb = new LinkedHashMap<>();
    bomb.put("__MACOSX/zeros", new byte[2 << 20]);
    bomb.putAll(in(""));
    assertTrue(refused(Zips.of(bomb)).contains("zeros"));
  }

  @Test
  void everyDamageIsSeen() throws IOException {
    byte[] whole = Zips.of(files);
    for (int length = 0; length < whole.length - 1000; length += 97) {
      refused(Arrays.copyOf(whole, length));
    }
    for (int at = 100; at < whole.length - 1000; at += 97) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      try (Model read = Model.load(new ByteArrayInputStream(damaged))) {
        SavedModels.assertSame(model.snapshot(), read.snapshot());
      } catch (ModelFormatException e) {
        assertTrue(e.getMessage().contains("expected"), e.getMessage());
      }
    }
    Map<String, byte[]> other = in("");
    byte[] weights = other.get("weights.data-00000-of-00001").clone();
    weights[40] ^= 1;
    other.put("weights.data-00000-of-00001", weights);
    assertTrue(refused(Zips.of(other)).contains("SHA-256"));
    other.put("weights.data-00000-of-00001", Arrays.copyOf(weights, weights.length + 1));
    assertTrue(refused(Zips.of(other)).contains("more than"));
  }

  @Test
  void aFileThatIsAZipLoadsLikeAFolder() throws IOException {
    Path file = Files.write(temporary.resolve("m.zip"), Zips.of(in("m/")));
    try (Model loaded = Model.load(file)) {
      SavedModels.assertSame(model.snapshot(), loaded.snapshot());
    }
    try (FileSystem inside = FileSystems.newFileSystem(file);
        Model loaded = Model.load(inside.getPath("/m"))) {
      SavedModels.assertSame(model.snapshot(), loaded.snapshot());
    }
    Files.write(file, Arrays.copyOf(Zips.of(files), 900));
    String message =
        assertThrows(ModelFormatException.class, () -> Model.load(file).close()).getMessage();
    assertTrue(message.contains("m.zip") && message.contains("damaged zip"), message);
  }

  @Test
  void loadsFromAnyFileSystem() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      Path folder = Files.createDirectories(memory.getPath("/models/m"));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
      try (Model loaded = Model.load(folder)) {
        SavedModels.assertSame(model.snapshot(), loaded.snapshot());
      }
    }
  }

  @Test
  void loadsFromTheClassPath() throws Exception {
    try (Model loaded = Model.loadResource(getClass(), "by-tensorflow/model")) {
      assertEquals(3, loaded.snapshot().state().orElseThrow().step());
    }
    try (Model loaded =
        Model.loadResource(Model.class, "/io/weft/internal/save/by-tensorflow/model")) {
      assertEquals("small", loaded.definition().name());
    }
    // In a jar, beside a class that only the jar has.
    Map<String, byte[]> jar = in("models/digits/");
    jar.put("models/digits.zip", Zips.of(files));
    Zips.inJar(
        temporary.resolve("app.jar"),
        jar,
        owner -> {
          for (String resource : List.of("/models/digits", "/models/digits.zip")) {
            try (Model loaded = Model.loadResource(owner, resource)) {
              SavedModels.assertSame(model.snapshot(), loaded.snapshot());
            }
          }
          String message =
              assertThrows(
                      ModelFormatException.class, () -> Model.loadResource(owner, "digits").close())
                  .getMessage();
          assertTrue(message.contains("resource digits of " + owner.getName()), message);
        });
  }

  @Test
  void withoutTrainingStateIsSlim() throws IOException {
    Path slim = temporary.resolve("slim");
    try (Model copy = model.withoutTrainingState()) {
      copy.save(slim);
      try (Model loaded = Model.load(slim)) {
        assertTrue(loaded.snapshot().state().isEmpty());
        assertEquals(model.history(), loaded.history());
        assertEquals(model.definition(), loaded.definition());
        for (String name : model.weights().names()) {
          assertArrayEquals(model.weights().values(name), loaded.weights().values(name), name);
        }
        loaded.train(SavedModels.EXAMPLES, SavedModels.options(1));
        long before = model.snapshot().state().orElseThrow().step();
        assertEquals(before + 1, loaded.snapshot().state().orElseThrow().step());
      }
    }
    assertEquals(4, SavedModels.names(slim).size());
    assertTrue(model.snapshot().state().isPresent());
  }
}
