package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every public signature of core is made of types that a Java program has. */
class NoKotlinTest {

  @Test
  void thereIsNoKotlinHere() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("kotlin.Unit"));
  }

  /** With Kotlin out of reach, a Kotlin type in a signature could not be resolved. */
  @Test
  void everyPublicSignatureIsResolved() throws Exception {
    Path place = Path.of(Model.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      resolveAll(place);
    } else {
      try (var jar = FileSystems.newFileSystem(place)) {
        resolveAll(jar.getPath("/"));
      }
    }
  }

  private static void resolveAll(Path root) throws Exception {
    List<String> names;
    try (Stream<Path> files = Files.walk(root)) {
      names =
          files
              .map(file -> root.relativize(file).toString())
              .filter(name -> name.startsWith("io/weft/") && name.endsWith(".class"))
              .filter(name -> !name.endsWith("package-info.class"))
              .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
              .toList();
    }
    int members = 0;
    for (String name : names) {
      Class<?> type = Class.forName(name, false, NoKotlinTest.class.getClassLoader());
      if (Modifier.isPublic(type.getModifiers())) {
        members += type.getMethods().length + type.getConstructors().length;
        members += type.getFields().length;
      }
    }
    assertTrue(
        members > 1000, "found only " + members + " members in " + names.size() + " classes");
  }
}
