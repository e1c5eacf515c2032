package io.weft.internal.save;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weft.Model;
import io.weft.engine.Device;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.files.RegularFile;
import io.weft.internal.thread.Aside;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Several models as one folder, or a zip of it: each a {@linkplain ModelFolder model} by itself,
 * and a file of JSON that says how they go together.
 *
 * @param what they are together, for messages: "a saved {@code what}"
 * @param file the name of the JSON file
 * @param format what the file says that it is
 * @param version the newest version of the format
 * @param models the names of the models' folders
 */
public record CompositeFormat(
    String what, String file, String format, int version, List<String> models)
    implements ZippedFiles.Kind {

  private static final int LARGEST = 1 << 26;
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  /** Returns whether there is one of this kind in a folder, or in a zip. */
  public boolean isAt(Path place) {
    return Files.isRegularFile(place)
        ? ZippedFiles.isOf(this, file, place)
        : Files.isRegularFile(place.resolve(file));
  }

  @Override
  public String nameIn(String path) {
    String name = ZippedFiles.Kind.name(path);
    if (name.equals(file)) {
      return name;
    }
    for (String model : models) {
      String own = model + "/" + name;
      if (Manifest.isPart(name) && (path.equals(own) || path.endsWith("/" + own))) {
        return own;
      }
    }
    return "";
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
        throw foreign(folder, others.get(0) + " in it", what, "Save to another folder.");
      }
    } catch (NotDirectoryException e) {
      throw foreign(folder, "a file", what, "Save to another place.");
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
    byte[] text = text(tree);
    AtomicFile.write(folder.resolve(file), out -> out.write(text));
  }

  /**
   * Writes a zip.
   *
   * @param tree what the file says
   * @param contents of the models, in their order
   * @param out where to; stays open
   * @throws io.weft.spec.DefinitionException if a definition has a layer that is not in the
   *     catalog; nothing is written then
   * @throws IOException if writing fails
   */
  public void save(
      ObjectNode tree, List<ModelContents> contents, LayerCatalog catalog, OutputStream out)
      throws IOException {
    byte[] text = text(tree);
    Map<String, AtomicFile.Content> files = new LinkedHashMap<>();
    files.put(file, to -> to.write(text));
    for (int i = 0; i < contents.size(); i++) {
      files.putAll(ModelZip.files(models.get(i) + "/", contents.get(i), catalog));
    }
    ModelZip.write(files, out);
  }

  private static byte[] text(ObjectNode tree) throws IOException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
  }

  /**
   * What the file says.
   *
   * @param place where it stands, for messages
   * @param json what it says
   * @param what it is part of
   */
  public record Tree(Object place, JsonNode json, String what) {

    /** Returns the complaint about what the file says. */
    public ModelFormatException damaged(String found) {
      return foreign(place, found, what, "It was edited or damaged: take a copy.");
    }
  }

  /** Makes one thing of what the file says, the first model and the second. */
  @FunctionalInterface
  public interface Assembly<T> {
    /** Takes over both models; where it fails, they are closed. */
    T of(Tree tree, Model first, Model second) throws IOException;
  }

  /**
   * Loads the models, which are two, and makes one thing of them; what fails leaves none open.
   *
   * @param place a folder, or a zip of it; on any file system
   * @throws ModelFormatException if there is nothing of the kind, or it is damaged, foreign or
   *     newer
   * @throws IOException if the files cannot be read
   */
  public <T> T load(Path place, LayerCatalog catalog, Device device, Assembly<T> assembly)
      throws IOException {
    if (ModelFolder.isZip(place)) {
      return ModelReader.withinMemory(
          place,
          () ->
              Aside.inOrder(
                  () -> {
                    try (InputStream in = new BufferedInputStream(RegularFile.open(place))) {
                      return zipped(place, in, catalog, device, assembly);
                    }
                  }));
    }
    Path json = place.resolve(file);
    if (!Files.isRegularFile(json)) {
      throw foreign(json, "no such file", what, give());
    }
    Tree tree;
    try (InputStream in = RegularFile.open(json)) {
      tree = tree(json, in);
    }
    return assembled(
        tree, model -> ModelFolder.of(place.resolve(model), catalog).load(), device, assembly);
  }

  /**
   * Loads from a zip as above.
   *
   * @param zip read to its end; stays open
   */
  public <T> T load(InputStream zip, LayerCatalog catalog, Device device, Assembly<T> assembly)
      throws IOException {
    Objects.requireNonNull(zip, "zip");
    return ModelZip.reading("the zip", () -> zipped("the zip", zip, catalog, device, assembly));
  }

  /**
   * Loads from the class path as above.
   *
   * @param owner the class beside which it lies
   * @param name of the folder or the zip; see {@link ModelResource}
   */
  public <T> T load(
      Class<?> owner, String name, LayerCatalog catalog, Device device, Assembly<T> assembly)
      throws IOException {
    return ModelResource.load(
        owner,
        name,
        file,
        what,
        () -> {
          ResourceFiles folder = new ResourceFiles(owner, name);
          Tree tree;
          try (InputStream in = folder.open(file)) {
            tree = tree(folder.place(file), in);
          }
          return assembled(
              tree,
              model -> ModelReader.read(new ResourceFiles(owner, name + "/" + model), catalog),
              device,
              assembly);
        },
        (source, in) -> zipped(source, in, catalog, device, assembly));
  }

  private <T> T zipped(
      Object source, InputStream in, LayerCatalog catalog, Device device, Assembly<T> assembly)
      throws IOException {
    ZippedFiles files = new ZippedFiles(source, in, this);
    Tree tree;
    try (InputStream json = files.openFirst(file)) {
      tree = tree(files.place(file), json);
    }
    return assembled(
        tree,
        model -> {
          ModelContents contents = ModelReader.read(files.model(model + "/"), catalog);
          if (model.equals(models.get(models.size() - 1))) {
            files.requireEnd();
          }
          return contents;
        },
        device,
        assembly);
  }

  /** Reads one of the models by its name. */
  @FunctionalInterface
  private interface Reading {
    ModelContents of(String model) throws IOException;
  }

  private <T> T assembled(Tree tree, Reading reading, Device device, Assembly<T> assembly)
      throws IOException {
    List<Model> loaded = new ArrayList<>();
    boolean done = false;
    try {
      for (String model : models) {
        loaded.add(reading.of(model).on(device));
      }
      T whole = assembly.of(tree, loaded.get(0), loaded.get(1));
      done = true;
      return whole;
    } finally {
      if (!done) {
        loaded.forEach(Model::close);
      }
    }
  }

  private Tree tree(Object place, InputStream in) throws IOException {
    byte[] text = in.readNBytes(LARGEST);
    JsonNode json;
    try {
      json = MAPPER.readTree(text);
    } catch (IOException e) {
      // Of bytes: what is no JSON, or no text in any of its encodings.
      throw foreign(place, "no JSON", what, "It is damaged: take a copy.");
    }
    JsonNode found = json.path("version");
    if (!json.path("format").asText().equals(format) || !found.canConvertToExactIntegral()) {
      throw foreign(place, "something else", what, give());
    }
    if (!found.canConvertToInt() || found.intValue() > version) {
      throw new ModelFormatException(
          place,
          "format version " + found + ", made by a newer Weft",
          "version " + version,
          "Update Weft to load this model.");
    }
    if (found.intValue() < 1) {
      throw foreign(place, "format version " + found, what, give());
    }
    return new Tree(place, json, what);
  }

  private String give() {
    return "Give the folder of a saved " + what + ", or a zip of it.";
  }

  private static ModelFormatException foreign(
      Object place, String found, String what, String advice) {
    return new ModelFormatException(place, found, "what Weft saves as " + what, advice);
  }
}
