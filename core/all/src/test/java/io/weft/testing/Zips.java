package io.weft.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Zips by another program than Weft, and programs in jars. */
public final class Zips {

  private Zips() {}

  /** Returns a zip of files, in their order. */
  public static byte[] of(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /** Returns the files of a zip, in their order. */
  public static Map<String, byte[]> unpacked(byte[] bytes) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        files.put(e.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  /** What a program does. */
  @FunctionalInterface
  public interface Program {
    /** Runs beside a class that only the jar has. */
    void run(Class<?> owner) throws Exception;
  }

  /**
   * Runs a program whose jar has resources.
   *
   * @param jar where it is written
   */
  public static void inJar(Path jar, Map<String, byte[]> resources, Program program)
      throws Exception {
    String name = Marker.class.getName();
    String path = name.replace('.', '/') + ".class";
    Map<String, byte[]> all = new LinkedHashMap<>(resources);
    try (InputStream code = Zips.class.getClassLoader().getResourceAsStream(path)) {
      all.put(path, code.readAllBytes());
    }
    URL url = Files.write(jar, of(all)).toUri().toURL();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {url}, null)) {
      program.run(loader.loadClass(name));
    }
  }

  /** The class of a program that ships a model. */
  static final class Marker {
    private Marker() {}
  }
}
