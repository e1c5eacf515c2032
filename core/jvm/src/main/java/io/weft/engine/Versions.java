package io.weft.engine;

/** What software is at work, for the provenance of results. */
public final class Versions {

  private Versions() {}

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
