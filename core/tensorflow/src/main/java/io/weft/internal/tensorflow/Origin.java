package io.weft.internal.tensorflow;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where in the caller's code something was made.
 *
 * @param place a class, a method and a line
 */
record Origin(String place) {

  private static final Logger LOG = LoggerFactory.getLogger(Origin.class);

  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  /** Weft, and what stands between it and its caller: reflection, streams, coroutines. */
  private static final List<String> BETWEEN =
      List.of("io.weft.", "java.", "jdk.", "kotlin.", "kotlinx.");

  /**
   * Returns the place that has called Weft. Looks at the frames up to there alone; where there is
   * none, as in a coroutine that was dispatched, it is the thread.
   */
  static Origin ofCaller() {
    return new Origin(
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .filter(
                            frame -> BETWEEN.stream().noneMatch(frame.getClassName()::startsWith))
                        .findFirst()
                        .map(frame -> frame.toStackTraceElement().toString())
                        .orElseGet(() -> "thread " + Thread.currentThread().getName())));
  }

  /** Says in the log that what was made here was not closed; once for each place. */
  void warnOfUnclosed() {
    if (WARNED.add(place)) {
      LOG.warn(
          "native memory of what was made at {} is freed only now, by Java's garbage collection,"
              + " because nobody closed it. Close models, and trainings, iterators and runs that"
              + " are left before their end (in Java with try, in Kotlin with use). This is said"
              + " once for each place.",
          place);
    }
  }
}
