package io.weft.internal.save;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weft.Model;
import io.weft.engine.Device;
import io.weft.internal.files.AtomicFile;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Several models as one folder: each a {@linkplain ModelFolder model} by itself, and a file of JSON
 * that says how they go together.
 *
 * @param what they are together, for messages: "a saved {@code what}"
 * @param file the name of the JSON file
 * @param format what the file says that it is
 * @param version the newest version of the format
 * @param models the names of the models' folders
 */
public record CompositeFolder(
    String what, String file, String format, int version, List<String> models) {

  private static final int LARGEST = 1 << 26;
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  /** Returns whether there is one of this kind in a folder. */
  public boolean isAt(Path folder) {
    return Files.isRegularFile(folder.resolve(file));
  }

  /**
   * Checks ahead of long work that nothing is here that saving would refuse to replace.
   *
   * @throws ModelFormatException if the folder holds anything else
   * @throws IOException if the folder cannot be read
   */
  public void checkReplaceable(Path folder, LayerCatalog catalog) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.list(folder)) {
      List<String> others =
          all.map(path -> path.getFileName().toString())
              // A leading dot is what saves, and systems that show folders, put beside.
              .filter(name -> !name.startsWith(".") && !name.equals(file) && !models.contains(name))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw foreign(folder, others.get(0) + " in it", "Save to another folder.");
      }
    } catch (NotDirectoryException e) {
      throw foreign(folder, "a file", "Save to another place.");
    }
    for (String model : models) {
      ModelFolder.of(folder.resolve(model), catalog).checkReplaceable();
    }
  }

  /** Returns an object to be filled and {@linkplain #write written}. */
  public ObjectNode fresh() {
    return MAPPER.createObjectNode().put("format", format).put("version", version);
  }

  /** Writes the file. */
  public void write(Path folder, ObjectNode tree) throws IOException {
    byte[] text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    AtomicFile.write(folder.resolve(file), out -> out.write(text));
  }

  /**
   * Returns what the file says.
   *
   * @throws ModelFormatException if there is none, or it is damaged, foreign or newer
   * @throws IOException if it cannot be read
   */
  public JsonNode read(Path folder) throws IOException {
    Path place = folder.resolve(file);
    String give = "Give the folder of a saved " + what + ".";
    if (!isAt(folder)) {
      throw foreign(place, "no such file", give);
    }
    JsonNode tree;
    try (var in = Files.newInputStream(place)) {
      tree = MAPPER.readTree(in.readNBytes(LARGEST));
    } catch (JsonProcessingException e) {
      throw foreign(place, "no JSON", "It is damaged: take a copy.");
    }
    if (!tree.path("format").asText().equals(format) || !tree.path("version").isInt()) {
      throw foreign(place, "something else", give);
    }
    if (tree.path("version").intValue() > version) {
      throw new ModelFormatException(
          place,
          "format version " + tree.path("version") + ", made by a newer Weft",
          "version " + version,
          "Update Weft to load this model.");
    }
    return tree;
  }

  /** Makes one thing of the first model and the second. */
  @FunctionalInterface
  public interface Assembly<T> {
    /** Takes over both models; where it fails, they are closed. */
    T of(Model first, Model second) throws IOException;
  }

  /**
   * Loads the models, which are two, and makes one thing of them; what fails leaves none open.
   *
   * @throws ModelFormatException if one is missing, damaged, foreign or newer
   * @throws IOException if the files cannot be read
   */
  public <T> T load(Path folder, LayerCatalog catalog, Device device, Assembly<T> assembly)
      throws IOException {
    List<Model> loaded = new ArrayList<>();
    boolean done = false;
    try {
      for (String model : models) {
        loaded.add(Model.load(folder.resolve(model), catalog, device));
      }
      T whole = assembly.of(loaded.get(0), loaded.get(1));
      done = true;
      return whole;
    } finally {
      if (!done) {
        loaded.forEach(Model::close);
      }
    }
  }

  /** Returns the complaint about what the file says. */
  public ModelFormatException damaged(Path folder, String found) {
    return foreign(folder.resolve(file), found, "It was edited or damaged: take a copy.");
  }

  private ModelFormatException foreign(Path place, String found, String advice) {
    return new ModelFormatException(place, found, "what Weft saves of a " + what, advice);
  }
}
