package io.weft.internal.tensorflow;

import io.weft.advice.Advice;
import io.weft.engine.NativeLibraryException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/**
 * CUDA's libraries as resources: those of {@code org.bytedeco:cuda} with the classifier {@code
 * linux-x86_64-redist}, so that a machine needs nothing but NVIDIA's driver. A library that was
 * loaded from a file is what a later opening of its bare name gets, so loading them before
 * TensorFlow looks for a GPU is all there is to do.
 */
final class CudaBundle {

  private static final String FOLDER = "org/bytedeco/cuda/linux-x86_64/";

  /** Makes a file of a resource. */
  @FunctionalInterface
  interface Unpacking {
    /** Returns the file, which stays. */
    File unpack(URL address) throws IOException;
  }

  private final Map<CudaLibrary, URL> found;
  private final Unpacking unpacking;

  private CudaBundle(Map<CudaLibrary, URL> found, Unpacking unpacking) {
    this.found = found;
    this.unpacking = unpacking;
  }

  /** Returns what of it is on the class path; maybe nothing. JavaCPP keeps what is unpacked. */
  static CudaBundle here() {
    return of(CudaBundle.class.getClassLoader(), Loader::cacheResource);
  }

  /** Returns what of it a class loader finds; maybe nothing. */
  static CudaBundle of(ClassLoader loader, Unpacking unpacking) {
    Map<CudaLibrary, URL> found = new EnumMap<>(CudaLibrary.class);
    for (CudaLibrary library : CudaLibrary.values()) {
      URL address = loader.getResource(FOLDER + library.file());
      if (address != null) {
        found.put(library, address);
      }
    }
    return new CudaBundle(found, unpacking);
  }

  /** Returns the file that a library is unpacked to, which it is once, if it is in the bundle. */
  Optional<File> file(CudaLibrary library) throws IOException {
    URL address = found.get(library);
    return address == null ? Optional.empty() : Optional.of(unpacking.unpack(address));
  }

  /**
   * Unpacks what is there into JavaCPP's folder, which takes some 2.5 GB and a minute once, and
   * loads it.
   *
   * @throws NativeLibraryException if that fails; the message names the library
   */
  void load() {
    for (CudaLibrary library : found.keySet()) {
      try {
        Optional<File> file = file(library);
        if (file.isPresent()) {
          System.load(file.get().getAbsolutePath());
        }
      } catch (IOException e) {
        throw failed(library, e, Advice.UNPACK_ELSEWHERE);
      } catch (LinkageError e) {
        throw failed(library, e, Advice.ADD_CUDA);
      }
    }
  }

  private static NativeLibraryException failed(CudaLibrary library, Throwable e, Advice advice) {
    return new NativeLibraryException(
        "CUDA's " + library.file() + " does not load from the class path: " + e.getMessage(),
        advice,
        e);
  }
}
