package io.weft.tensorflow;

import org.tensorflow.TensorFlow;

/** Loads TensorFlow's native library, the way that Weft needs it. */
public final class TensorFlowNative {

  private static final String PHYSICAL_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

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
   * @throws IllegalStateException if there is no library for this platform on the class path
   */
  public static String version() {
    try {
      return TensorFlow.version();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IllegalStateException(
          "TensorFlow's native library does not load ("
              + e.getMessage()
              + "); put org.tensorflow:tensorflow-core-native with the classifier of this platform"
              + " on the class path (this is "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + ")",
          e);
    }
  }
}
