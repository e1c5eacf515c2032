package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.explain.HtmlReport;
import io.weft.internal.tensorflow.TensorFlowProvider;
import io.weft.watch.LossCurves;
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
    int members = 0;
    for (Class<?> ofModule :
        List.of(Model.class, TensorFlowProvider.class, HtmlReport.class, LossCurves.class)) {
      Path place = Path.of(ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        members += resolveAll(place);
      } else {
        try (var jar = FileSystems.newFileSystem(place)) {
          members += resolveAll(jar.getPath("/"));
        }
      }
    }
    assertTrue(members > 1000, "found only " + members + " members");
  }

  private static int resolveAll(Path root) throws Exception {
    List<String> names;
    try (Stream<Path> files = Files.walk(root)) {
      names =
          files
              .map(file -> root.relativize(file).toString())
              .filter(name -> name.startsWith("io/weft/") && name.endsWith(".class"))
              .filter(name -> !name.endsWith("package-info.class"))
              // The layout library, most of whose own dependencies are left out.
              .filter(name -> !name.startsWith("io/weft/internal/layout/"))
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
    assertTrue(members > 0, "found nothing in " + root);
    return members;
  }
}
