package io.weft.spark;

import io.weft.layer.Layer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A user's jar with a layer of the user's own, which neither the tests nor the workers have. */
final class OwnLayerJar {

  private static final String LAYER =
      """
      package own;

      import io.weft.expression.Expression;
      import io.weft.expression.Shape;
      import io.weft.expression.Unary;
      import io.weft.layer.Inputs;
      import io.weft.layer.Layer;

      public record Softened() implements Layer {
        @Override
        public Shape shape(Inputs inputs) {
          return inputs.only();
        }

        @Override
        public Expression compute(Inputs inputs) {
          return inputs.read(0).map(Unary.SOFTPLUS);
        }
      }
      """;

  private static final String CATALOG =
      """
      package own;

      import io.weft.json.LayerCatalog;
      import io.weft.spark.FleetCatalog;

      public final class OwnCatalog implements FleetCatalog {
        @Override
        public LayerCatalog catalog() {
          return LayerCatalog.standard().with("softened", Softened.class);
        }
      }
      """;

  private final Path jar;
  private final ClassLoader loader;

  private OwnLayerJar(Path jar, ClassLoader loader) {
    this.jar = jar;
    this.loader = loader;
  }

  /** Compiles it into a folder. */
  static OwnLayerJar in(Path folder) {
    try {
      Path classes = Files.createDirectories(folder.resolve("classes"));
      Path layer = Files.writeString(folder.resolve("Softened.java"), LAYER);
      Path catalog = Files.writeString(folder.resolve("OwnCatalog.java"), CATALOG);
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-proc:none",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-d",
                  classes.toString(),
                  layer.toString(),
                  catalog.toString());
      if (code != 0) {
        throw new IllegalStateException("the layer does not compile");
      }
      Path jar = folder.resolve("own.jar");
      try (OutputStream file = Files.newOutputStream(jar);
          JarOutputStream out = new JarOutputStream(file);
          Stream<Path> all = Files.walk(classes)) {
        for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
          out.putNextEntry(new JarEntry(classes.relativize(path).toString().replace('\\', '/')));
          Files.copy(path, out);
        }
      }
      URL[] urls = {jar.toUri().toURL()};
      return new OwnLayerJar(jar, new URLClassLoader(urls, OwnLayerJar.class.getClassLoader()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where it lies. */
  Path jar() {
    return jar;
  }

  /** Returns the layer, of a class that the driver has from the jar. */
  Layer layer() {
    return made("own.Softened", Layer.class);
  }

  /** Returns the catalog that names it. */
  FleetCatalog catalog() {
    return made("own.OwnCatalog", FleetCatalog.class);
  }

  private <T> T made(String name, Class<T> type) {
    try {
      return type.cast(loader.loadClass(name).getConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
