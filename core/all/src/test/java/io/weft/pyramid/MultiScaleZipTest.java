package io.weft.pyramid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import io.weft.testing.SavedModels;
import io.weft.testing.Zips;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pyramid as one zip: through streams, as a file, on the class path. */
class MultiScaleZipTest {

  @TempDir static Path folder;

  private static MultiScaleModel model;
  private static byte[] zip;
  private static Map<String, byte[]> files;

  @BeforeAll
  static void save() throws IOException {
    model = Pyramids.random(Pyramids.ofDigits());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.save(out);
    zip = out.toByteArray();
    files = Zips.unpacked(zip);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Map<String, byte[]> in(String place) {
    Map<String, byte[]> inside = new LinkedHashMap<>();
    files.forEach((name, bytes) -> inside.put(place + name, bytes));
    return inside;
  }

  private static void assertSame(MultiScaleModel loaded) {
    try (loaded) {
      assertEquals(model.definition(), loaded.definition());
      SavedModels.assertSame(model.small().snapshot(), loaded.small().snapshot());
      SavedModels.assertSame(model.large().snapshot(), loaded.large().snapshot());
    }
  }

  private static void assertLoads(byte[] bytes) throws IOException {
    assertSame(MultiScaleModel.load(new ByteArrayInputStream(bytes)));
  }

  private static String refused(byte[] bytes) {
    return assertThrows(
            ModelFormatException.class,
            () -> MultiScaleModel.load(new ByteArrayInputStream(bytes)).close())
        .getMessage();
  }

  private static Path written(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void goesThroughAStream() throws IOException {
    assertLoads(zip);
    // In the order in which it is read: nothing is kept aside.
    List<String> names = new ArrayList<>(files.keySet());
    assertEquals("multi-scale.json", names.get(0));
    assertEquals("small/model.json", names.get(1));
    assertTrue(names.indexOf("large/model.json") > names.indexOf("small/weights.index"));
    // The files are those of the folder, but for the time of saving.
    Path saved = folder.resolve("saved");
    model.save(saved);
    for (String name : names) {
      if (!name.endsWith("model.json")) {
        assertArrayEquals(Files.readAllBytes(saved.resolve(name)), files.get(name), name);
      }
    }
  }

  @Test
  void takesAnyOrderAndAFolder() throws IOException {
    List<String> names = new ArrayList<>(files.keySet());
    Collections.reverse(names);
    Map<String, byte[]> others = new LinkedHashMap<>();
    others.put("two/", new byte[0]);
    others.put("two/.DS_Store", new byte[100]);
    names.forEach(name -> others.put("two/" + name, files.get(name)));
    assertLoads(Zips.of(others));
    // In a folder that is called as one of its own.
    assertLoads(Zips.of(in("small/")));
  }

  @Test
  void aFileThatIsAZipLoadsLikeAFolder() throws IOException {
    Path file = written("two.zip", zip);
    assertTrue(MultiScaleFolder.isAt(file));
    assertSame(MultiScaleModel.load(file));
    // A single model is none, under whatever name its folder was zipped.
    ByteArrayOutputStream single = new ByteArrayOutputStream();
    model.small().save(single);
    assertFalse(MultiScaleFolder.isAt(written("one.zip", single.toByteArray())));
    Map<String, byte[]> inside = new LinkedHashMap<>();
    Zips.unpacked(single.toByteArray()).forEach((name, of) -> inside.put("small/" + name, of));
    Path small = written("small.zip", Zips.of(inside));
    assertFalse(MultiScaleFolder.isAt(small));
    try (Model loaded = Model.load(small)) {
      SavedModels.assertSame(model.small().snapshot(), loaded.snapshot());
    }
    assertFalse(MultiScaleFolder.isAt(written("text.zip", new byte[] {1, 2, 3})));
  }

  @Test
  void aZipIsLookedIntoOnlySoFar() throws IOException {
    Map<String, byte[]> bomb = new LinkedHashMap<>();
    bomb.put("__MACOSX/zeros", new byte[2 << 20]);
    bomb.putAll(files);
    // As large as it is, it would not be loaded.
    assertFalse(MultiScaleFolder.isAt(written("bomb.zip", Zips.of(bomb))));
    Path file = written("looked-into.zip", zip);
    try {
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> MultiScaleFolder.isAt(file));
    } finally {
      assertTrue(Thread.interrupted(), "the status stays set");
    }
  }

  @Test
  void loadsFromTheClassPath() throws Exception {
    Map<String, byte[]> jar = in("models/two/");
    jar.put("models/two.zip", zip);
    Zips.inJar(
        folder.resolve("app.jar"),
        jar,
        owner -> {
          assertSame(MultiScaleModel.loadResource(owner, "/models/two"));
          assertSame(MultiScaleModel.loadResource(owner, "/models/two.zip"));
          String message =
              assertThrows(
                      ModelFormatException.class,
                      () -> MultiScaleModel.loadResource(owner, "two").close())
                  .getMessage();
          assertTrue(message.contains("neither a folder with multi-scale.json"), message);
        });
  }

  @Test
  void refusesWhatIsNoPyramid() throws IOException {
    assertTrue(refused(new byte[0]).contains("no multi-scale.json"));
    Map<String, byte[]> without = in("");
    without.remove("large/model.json");
    assertTrue(refused(Zips.of(without)).contains("no large/model.json"));
    Map<String, byte[]> foreign = in("");
    foreign.put("notes.txt", new byte[1]);
    assertTrue(refused(Zips.of(foreign)).contains("\"notes.txt\" in it"));
    Map<String, byte[]> more = in("");
    more.put("large/training.index", new byte[1]);
    assertTrue(refused(Zips.of(more)).contains("large/training.index"));
    Map<String, byte[]> mixed = in("");
    mixed.put("two/small/weights.index", mixed.remove("small/weights.index"));
    assertTrue(refused(Zips.of(mixed)).contains("two/small/weights.index"));
    Map<String, byte[]> swapped = in("");
    for (String name : files.keySet()) {
      if (name.startsWith("small/")) {
        swapped.put(name.replace("small/", "large/"), files.get(name));
      }
    }
    assertTrue(refused(Zips.of(swapped)).contains("do not go together"), refused(Zips.of(swapped)));
    Map<String, byte[]> damaged = in("");
    byte[] weights = damaged.get("large/weights.data-00000-of-00001").clone();
    weights[40] ^= 1;
    damaged.put("large/weights.data-00000-of-00001", weights);
    String message = refused(Zips.of(damaged));
    assertTrue(message.contains("large/weights.data") && message.contains("SHA-256"), message);
    for (int length = 0; length < zip.length - 1000; length += 911) {
      refused(Arrays.copyOf(zip, length));
    }
  }

  /** A layer that is in no catalog. */
  record Own() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0).map(Unary.TANH);
    }
  }

  @Test
  void nothingIsWrittenOfALayerThatIsInNoCatalog() {
    MultiScale pyramid = Pyramids.ofDigits();
    ModelBuilder builder = ModelBuilder.of("little", pyramid.small().image());
    Feature x = builder.image().apply(CausalConvolution.square(3, 3, MaskType.A)).apply(new Own());
    Definition small = builder.softmax(x.apply(Pointwise.of(3)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MultiScaleModel own =
        MultiScaleModel.initial(
            new MultiScale(small, pyramid.large(), Pyramids.CONDITION, pyramid.scale()), 1)) {
      assertThrows(DefinitionException.class, () -> own.save(out));
    }
    assertEquals(0, out.size());
  }
}
