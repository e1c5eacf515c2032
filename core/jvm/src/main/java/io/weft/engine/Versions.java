package io.weft.engine;

import io.weft.internal.step.Arithmetic;

/** What software is at work, for the provenance of results. */
public final class Versions {

  private Versions() {}

  /**
   * Returns the version of the arithmetic of the JVM executor: what was drawn or scored under one
   * version, on any machine and any Java, is computed again to the bit under the same one.
   */
  public static int arithmetic() {
    return Arithmetic.version();
  }

  /** Returns the versions of Weft, of TensorFlow where it is there, and of Java in words. */
  public static String inWords() {
    String weft = Versions.class.getPackage().getImplementationVersion();
    return "Weft "
        + (weft == null ? "development" : weft)
        + EngineProvider.find().map(engine -> ", " + engine.version()).orElse("")
        + ", Java "
        + Runtime.version();
  }
}
