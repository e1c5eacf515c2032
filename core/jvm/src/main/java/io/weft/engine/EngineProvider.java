package io.weft.engine;

import java.util.Iterator;
import java.util.Optional;
import java.util.ServiceLoader;

/** Brings TensorFlow, where it is on the class path: a service of {@link ServiceLoader}. */
public interface EngineProvider {

  /** Returns the engine of an owner that the caller of Weft is making; loads nothing native yet. */
  Engine engine(Device device);

  /** Returns the name and the version of what computes, such as {@code TensorFlow 2.18.0}. */
  String version();

  /**
   * Returns the provider that is on the class path, if one is.
   *
   * @throws IllegalStateException if there are several
   */
  static Optional<EngineProvider> find() {
    Iterator<EngineProvider> all =
        ServiceLoader.load(EngineProvider.class, EngineProvider.class.getClassLoader()).iterator();
    if (!all.hasNext()) {
      return Optional.empty();
    }
    EngineProvider found = all.next();
    if (all.hasNext()) {
      throw new IllegalStateException(
          "two engines are on the class path, "
              + found.getClass().getName()
              + " and "
              + all.next().getClass().getName()
              + "; take one off");
    }
    return Optional.of(found);
  }
}
