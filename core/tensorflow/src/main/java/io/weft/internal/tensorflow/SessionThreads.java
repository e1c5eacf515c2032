package io.weft.internal.tensorflow;

import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.ConfigProto;

/**
 * How many threads an operation is computed with. TensorFlow has one set of threads for all
 * sessions of a process, as many as its first session asks for, unless the environment says that
 * each session has its own.
 */
final class SessionThreads {

  /** The variable of the environment, which TensorFlow reads. */
  static final String OWN_THREADS = "TF_OVERRIDE_GLOBAL_THREADPOOL";

  /** What a session asks for that leaves it to TensorFlow: one for each core. */
  private static final int ALL = 0;

  private static final int UNDECIDED = -1;

  private static int shared = UNDECIDED;

  private SessionThreads() {}

  /**
   * Checks, long before a session is opened, that it could have the threads that it asks for.
   *
   * @throws IllegalStateException if an earlier session has decided otherwise
   */
  static void check(ConfigProto config) {
    if (!areOwn()) {
      require(config.getIntraOpParallelismThreads());
    }
  }

  /**
   * Opens a session, with the threads that it asks for.
   *
   * @throws IllegalStateException if an earlier session has decided otherwise
   */
  static <T> T open(ConfigProto config, Supplier<T> opening) {
    if (areOwn()) {
      return opening.get();
    }
    int wanted = config.getIntraOpParallelismThreads();
    synchronized (SessionThreads.class) {
      require(wanted);
      T open = opening.get();
      if (shared == UNDECIDED) {
        shared = wanted;
      }
      return open;
    }
  }

  /** Returns whether each session has threads of its own. */
  static boolean areOwn() {
    return isTrue(System.getenv(OWN_THREADS));
  }

  private static synchronized void require(int wanted) {
    if (wanted != ALL && shared != UNDECIDED && wanted != shared) {
      throw new IllegalStateException(
          "TensorFlow is to compute with "
              + (wanted == 1 ? "one thread" : wanted + " threads")
              + ", but this process began to use it with "
              + (shared == ALL ? "one for each core" : shared)
              + ", which then holds for all; start Java with the environment variable "
              + OWN_THREADS
              + "=1, or do this before anything else with TensorFlow");
    }
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null && (value.equals("1") || value.toLowerCase(Locale.ROOT).equals("true"));
  }
}
