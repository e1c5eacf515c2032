package io.weft.samples.probe;

import io.weft.samples.cli.Weft;

/** A Java sample that sees Kotlin. */
public final class JavaSample {
  private JavaSample() {}

  /** Runs it. */
  public static String name() {
    return Weft.class.getName();
  }
}
