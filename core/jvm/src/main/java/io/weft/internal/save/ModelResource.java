package io.weft.internal.save;

import io.weft.internal.thread.Aside;
import io.weft.json.LayerCatalog;
import io.weft.save.ModelFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model on the class path, as a folder or a zip, such as one inside of a program's jar. */
public final class ModelResource {

  private ModelResource() {}

  /**
   * Loads a model. Every file is verified.
   *
   * @param owner the class beside which it lies
   * @param name of the folder or the zip, as {@link Class#getResource} takes it: beside the class,
   *     or from the root of the class path with a slash in front
   * @param catalog the layers that the definition may have
   * @throws ModelFormatException if there is no model, or it is damaged, foreign or newer
   * @throws IOException if reading fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static ModelContents load(Class<?> owner, String name, LayerCatalog catalog)
      throws IOException {
    Objects.requireNonNull(catalog, "catalog");
    return load(
        owner,
        name,
        Manifest.FILE,
        "model",
        () -> ModelReader.read(new ResourceFiles(owner, name), catalog),
        (source, in) -> ModelZip.read(source, in, catalog));
  }

  /**
   * Opens what lies beside a class, or from the root, with a slash in front, in whichever jar; null
   * if there is no such resource, or a module keeps it to itself.
   */
  public static @Nullable InputStream open(Class<?> owner, String name) {
    InputStream own = owner.getResourceAsStream(name);
    ClassLoader loader = owner.getClassLoader();
    // A class of a module finds by itself what is in its own jar alone.
    return own == null && loader != null && name.startsWith("/")
        ? loader.getResourceAsStream(name.substring(1))
        : own;
  }

  private static boolean exists(Class<?> owner, String name) throws IOException {
    try (InputStream in = open(owner, name)) {
      return in != null;
    }
  }

  private static String inModule(Module module) {
    return module.isNamed()
        ? " A module has to open the package that it lies in: opens ... to io.weft.jvm."
        : "";
  }

  /** Reads a zip that messages call {@code source}. */
  @FunctionalInterface
  interface OfZip<T> {
    T read(Object source, InputStream in) throws IOException;
  }

  /**
   * Loads what is a folder, or a zip.
   *
   * @param first the file that makes a folder one of this kind
   * @param what the kind, for messages
   */
  static <T> T load(
      Class<?> owner,
      String name,
      String first,
      String what,
      Aside.FileWork<T> ofFolder,
      OfZip<T> ofZip)
      throws IOException {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(name, "name");
    String source = "resource " + name + " of " + owner.getName();
    return ModelReader.withinMemory(
        source,
        () ->
            Aside.inOrder(
                () -> {
                  if (exists(owner, name + "/" + first)) {
                    return ofFolder.run();
                  }
                  try (InputStream in = open(owner, name)) {
                    if (in == null) {
                      throw new ModelFormatException(
                          source,
                          "neither a folder with " + first + " nor a file",
                          "the folder of a saved " + what + ", or a zip of one",
                          "Check the name: it is taken from beside the class, or with a slash in"
                              + " front from the root of the class path."
                              + inModule(owner.getModule()));
                    }
                    return ofZip.read(source, new BufferedInputStream(in));
                  }
                }));
  }
}
