package io.weft.engine;

import io.weft.advice.Finding;
import io.weft.internal.Seam;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Brings TensorFlow, where it is on the class path: a service of {@link ServiceLoader}. */
@Seam
public interface EngineProvider {

  /** Returns the engine of an owner that the caller of Weft is making; loads nothing native yet. */
  Engine engine(Device device);

  /** Returns the name and the version of what computes, such as {@code TensorFlow 2.18.0}. */
  String version();

  /**
   * Returns what {@link io.weft.doctor.Doctor} says of it: whether it loads, where it computes, and
   * what is missing. Throws nothing if it does not load.
   */
  List<Finding> examine();

  /**
   * Returns the provider that is on the class path, if one is; looked for once.
   *
   * @throws IllegalStateException if there are several
   */
  static Optional<EngineProvider> find() {
    List<EngineProvider> found = Providers.FOUND;
    if (found.size() > 1) {
      throw new IllegalStateException(
          "two engines are on the class path, "
              + found.get(0).getClass().getName()
              + " and "
              + found.get(1).getClass().getName()
              + "; take one off");
    }
    return found.stream().findFirst();
  }
}
