package io.weft.internal.tensorflow;

import java.net.URL;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * TensorFlow's library for this platform, as a resource.
 *
 * @param address where it lies on the class path
 * @param isForGpu whether it is the one for NVIDIA's GPUs
 */
record NativeLibrary(URL address, boolean isForGpu) {

  private static final String FOLDER = "org/tensorflow/internal/c_api/";

  /** Returns the one that is on the class path, if one is. */
  static Optional<NativeLibrary> find() {
    return Stream.of(false, true).flatMap(gpu -> find(gpu).stream()).findFirst();
  }

  private static Optional<NativeLibrary> find(boolean gpu) {
    String file =
        FOLDER
            + Loader.getPlatform()
            + (gpu ? "-gpu/" : "/")
            + System.mapLibraryName("jnitensorflow");
    return Optional.ofNullable(NativeLibrary.class.getClassLoader().getResource(file))
        .map(address -> new NativeLibrary(address, gpu));
  }
}
