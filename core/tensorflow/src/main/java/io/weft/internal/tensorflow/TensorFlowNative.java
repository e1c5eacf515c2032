package io.weft.internal.tensorflow;

import io.weft.engine.NativeException;
import io.weft.engine.NativeLibraryException;
import io.weft.memory.MemoryException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/**
 * TensorFlow's native library: loaded the way that Weft needs it, and called. All that Weft asks of
 * it goes through {@link #call}, so that no exception of TensorFlow's gets any further.
 */
public final class TensorFlowNative {

  private static final String PHYSICAL_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  /** Where TensorFlow Java stumbles over a tensor that there was no memory for. */
  private static final String TENSOR_BUFFERS = "org.tensorflow.internal.buffer.TensorBuffers";

  private static final String NATIVE_MEMORY = "org.bytedeco.javacpp.";

  private static volatile boolean loaded;

  private static final AtomicReference<LinkageError> FAILURE = new AtomicReference<>();

  static {
    // By default JavaCPP counts the whole process against four times the Java heap and then throws
    // OutOfMemoryError. It reads the property once, when its first class loads.
    if (System.getProperty(PHYSICAL_LIMIT) == null) {
      System.setProperty(PHYSICAL_LIMIT, "0");
    }
  }

  private TensorFlowNative() {}

  /**
   * Returns the version of the native library, loading it if need be.
   *
   * @throws NativeLibraryException if it cannot be loaded
   */
  public static String version() {
    load();
    return TensorFlow.version();
  }

  private static void load() {
    if (!loaded) {
      synchronized (TensorFlowNative.class) {
        loadOnce();
      }
    }
  }

  /** Java makes one attempt only: when it fails, the classes that tried are unusable. */
  private static void loadOnce() {
    LinkageError failure = FAILURE.get();
    if (failure != null) {
      throw LoadFailure.explain(failure);
    }
    if (NativeLibrary.find().filter(NativeLibrary::isForGpu).isPresent()) {
      CudaBundle.here().load();
    }
    try {
      loaded = !TensorFlow.version().isEmpty();
    } catch (LinkageError e) {
      FAILURE.set(e);
      throw LoadFailure.explain(e);
    }
  }

  /**
   * Does something with TensorFlow.
   *
   * @throws NativeLibraryException if it cannot be loaded
   * @throws NativeException if TensorFlow fails at it
   * @throws MemoryException if it has no memory for it
   */
  static <T> T call(Supplier<T> work) {
    load();
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw translated(e);
    } catch (OutOfMemoryError e) {
      // Java's own heap is the caller's affair; JavaCPP says the same of the machine's memory.
      if (isFrom(NATIVE_MEMORY, e)) {
        throw Exhaustion.of(e);
      }
      throw e;
    }
  }

  /** Returns an exception as callers of Weft may see it. */
  static RuntimeException translated(RuntimeException e) {
    if (e instanceof TFResourceExhaustedException) {
      return Exhaustion.of(e);
    }
    if (e.getClass().getPackageName().startsWith("org.tensorflow")) {
      return NativeException.of(e);
    }
    return e instanceof NullPointerException && isFrom(TENSOR_BUFFERS, e) ? Exhaustion.of(e) : e;
  }

  private static boolean isFrom(String thrower, Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith(thrower);
  }
}
