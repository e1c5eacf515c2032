package io.weft.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The classes that lie beside one, in a folder or a jar. */
public final class Neighbours {

  private Neighbours() {}

  /** Returns the classes of {@code type}'s package that are of it and can be made. */
  public static <T> List<Class<? extends T>> of(Class<T> type) {
    String folder = type.getPackageName().replace('.', '/');
    try {
      Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return in(place.resolve(folder), type);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return in(jar.getPath(folder), type);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> List<Class<? extends T>> in(Path folder, Class<T> type) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.startsWith("package-info"))
          .map(name -> named(type.getPackageName() + "." + name.replace(".class", "")))
          .filter(found -> type.isAssignableFrom(found) && !found.isInterface())
          .<Class<? extends T>>map(found -> found.asSubclass(type))
          .toList();
    }
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name, false, Neighbours.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
