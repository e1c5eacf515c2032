package io.weft.tensorflow;

/** What software is at work, for the provenance of results. */
public final class Versions {

  private Versions() {}

  /** Returns the versions of Weft, TensorFlow and Java in words. */
  public static String inWords() {
    String weft = Versions.class.getPackage().getImplementationVersion();
    return "Weft "
        + (weft == null ? "development" : weft)
        + ", TensorFlow "
        + TensorFlowNative.version()
        + ", Java "
        + Runtime.version();
  }
}
