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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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

  /** The file has at most so many bytes. */
  static final int LARGEST = 1 << 26;

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
    new CompositeFolder(this, folder, catalog).checkReplaceable();
  }

  /** Returns an object to be filled and {@linkplain #save saved}. */
  public ObjectNode fresh() {
    return MAPPER.createObjectNode().put("format", format).put("version", version);
  }

  /**
   * Saves a folder, replacing one that was there. All is written beside its place before anything
   * is replaced: whatever fails in that, what was there stays. Once begun it goes on to its end,
   * though the caller is interrupted.
   *
   * @param tree what the file says
   * @param contents of the models, in their order
   * @throws io.weft.spec.DefinitionException if a definition has a layer that is not in the
   *     catalog; nothing is written then
   * @throws ModelFormatException if the folder holds anything else than one of this kind
   * @throws IOException if writing fails, or another save does not end
   */
  public void save(Path folder, ObjectNode tree, List<ModelContents> contents, LayerCatalog catalog)
      throws IOException {
    new CompositeFolder(this, folder, catalog).save(text(tree), contents);
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

  private byte[] text(ObjectNode tree) throws IOException {
    byte[] text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    if (text.length > LARGEST) {
      throw new IOException(
          file
              + " of this "
              + what
              + " would have "
              + text.length
              + " bytes; expected at most "
              + LARGEST
              + ". Make it of fewer images");
    }
    return text;
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
    return assembled(new CompositeFolder(this, place, catalog).read(), device, assembly);
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
          List<ModelContents> contents = new ArrayList<>();
          for (String model : models) {
            contents.add(ModelReader.read(new ResourceFiles(owner, name + "/" + model), catalog));
          }
          return assembled(new Parts(tree, contents), device, assembly);
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
    List<ModelContents> contents = new ArrayList<>();
    for (String model : models) {
      contents.add(ModelReader.read(files.model(model + "/"), catalog));
    }
    files.requireEnd();
    return assembled(new Parts(tree, contents), device, assembly);
  }

  /**
   * What was read.
   *
   * @param tree what the file says
   * @param models in their order
   */
  record Parts(Tree tree, List<ModelContents> models) {}

  private static <T> T assembled(Parts parts, Device device, Assembly<T> assembly)
      throws IOException {
    List<Model> loaded = new ArrayList<>();
    boolean done = false;
    try {
      for (ModelContents contents : parts.models()) {
        loaded.add(contents.on(device));
      }
      T whole = assembly.of(parts.tree(), loaded.get(0), loaded.get(1));
      done = true;
      return whole;
    } finally {
      if (!done) {
        loaded.forEach(Model::close);
      }
    }
  }

  /** Reads what the file says. */
  Tree tree(Object place, InputStream in) throws IOException {
    byte[] text = in.readNBytes(LARGEST + 1);
    if (text.length > LARGEST) {
      throw foreign(place, "more than " + LARGEST + " bytes", what, give());
    }
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

  /** Returns what to do where there is none. */
  String give() {
    return "Give the folder of a saved " + what + ", or a zip of it.";
  }

  static ModelFormatException foreign(Object place, String found, String what, String advice) {
    return new ModelFormatException(place, found, "what Weft saves as " + what, advice);
  }
}
