package io.weft.internal.step;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kinds of inner loops that {@link JvmStepExecutor} can run. */
public enum JvmLoops {
  /** Loops that the JIT compiler turns into vector instructions as far as it can. */
  PLAIN,

  /**
   * The vector instructions of Java's module jdk.incubator.vector, several times as fast. The
   * module must be added on the command line: {@code --add-modules jdk.incubator.vector}.
   */
  VECTOR;

  private static final String MODULE = "jdk.incubator.vector";

  /** What was found when it was asked for first; the vector loops are loaded then, or never. */
  private static final class Found {
    static final Kernels PLAIN_KERNELS = new PlainKernels();
    static final Optional<Kernels> VECTOR_KERNELS = load();

    private static Optional<Kernels> load() {
      Logger log = LoggerFactory.getLogger(JvmLoops.class);
      Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
      if (module.isEmpty()) {
        log.info(
            "sampling in plain loops; several times as fast with java --add-modules {}", MODULE);
        return Optional.empty();
      }
      // Weft as a module cannot require it: Java would warn every program that it incubates.
      JvmLoops.class.getModule().addReads(module.get());
      try {
        // By name: it is compiled against the module, without which it cannot even be loaded.
        Class<?> type = Class.forName(JvmLoops.class.getPackageName() + ".VectorKernels");
        return Optional.of((Kernels) type.getDeclaredConstructor().newInstance());
      } catch (ReflectiveOperationException | LinkageError | UnsupportedOperationException e) {
        log.info(
            "sampling in plain loops: the vector loops do not run on Java {} and this processor",
            Runtime.version(),
            e);
        return Optional.empty();
      }
    }
  }

  /**
   * Returns the fastest kind that runs here. Where that is not the fastest of all, a log says so.
   */
  public static JvmLoops best() {
    return VECTOR.isAvailable() ? VECTOR : PLAIN;
  }

  /** Returns whether this kind runs here. */
  public boolean isAvailable() {
    return this == PLAIN || Found.VECTOR_KERNELS.isPresent();
  }

  /** Returns what they are, as "vector loops of 256 bits". */
  public String inWords() {
    return kernels().inWords();
  }

  Kernels kernels() {
    if (this == PLAIN) {
      return Found.PLAIN_KERNELS;
    }
    return Found.VECTOR_KERNELS.orElseThrow(
        () ->
            new IllegalStateException(
                "vector loops are not available here; run java with --add-modules "
                    + MODULE
                    + ", or take PLAIN loops"));
  }
}
