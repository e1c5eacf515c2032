package io.weft.internal.tensorflow;

import io.weft.advice.Advice;
import io.weft.advice.Finding;
import io.weft.engine.Device;
import io.weft.engine.NativeLibraryException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;

/** What is to be found of TensorFlow, in the order in which one thing needs another. */
final class Examination {

  private static final String TENSORFLOW = "TensorFlow";

  private Examination() {}

  /** Looks, loads and tries. */
  static List<Finding> of() {
    long began = System.nanoTime();
    String version;
    try {
      version = TensorFlowNative.version();
    } catch (NativeLibraryException e) {
      return List.of(Finding.broken(TENSORFLOW, e.problem(), e.advice().orElseThrow()));
    }
    List<Finding> found = new ArrayList<>();
    found.add(library(version, System.nanoTime() - began));
    found.add(threads());
    found.add(tried("bfloat16", Examination::bfloat16));
    found.add(tried("XLA", Examination::xla));
    Optional<NvidiaDriver> driver = NvidiaDriver.find();
    found.addAll(isForGpu() ? gpu(driver) : noGpu(driver));
    return found;
  }

  /** Where the process began to use TensorFlow with another number of threads, nothing is tried. */
  private static Finding tried(String subject, Supplier<Finding> trial) {
    try {
      return trial.get();
    } catch (IllegalStateException e) {
      return Finding.limited(
          subject, "was not tried: " + e.getMessage(), Advice.GIVE_SESSIONS_OWN_THREADS);
    }
  }

  private static Finding library(String version, long nanos) {
    return Finding.good(
        TENSORFLOW,
        String.format(
            Locale.ROOT,
            "%s for %s%s, loaded in %.1f s from %s",
            version,
            Loader.getPlatform(),
            isForGpu() ? " with a GPU" : "",
            nanos / 1e9,
            folder()));
  }

  private static boolean isForGpu() {
    return NativeLibrary.find().filter(NativeLibrary::isForGpu).isPresent();
  }

  private static String folder() {
    try {
      return Loader.getCacheDir().toString();
    } catch (IOException e) {
      return "a folder that is gone";
    }
  }

  private static Finding threads() {
    String subject = TENSORFLOW + "'s threads";
    return SessionThreads.areOwn()
        ? Finding.good(subject, "each session has its own")
        : Finding.limited(
            subject,
            "the first session decides how many all have",
            Advice.GIVE_SESSIONS_OWN_THREADS);
  }

  private static Finding bfloat16() {
    return Bfloat16.missing(TensorFlowEngine.on(Device.cpu()))
        .map(missing -> Finding.limited("bfloat16", missing, Advice.TRAIN_IN_FLOAT32))
        .orElseGet(() -> Finding.good("bfloat16", "TensorFlow trains in it here"));
  }

  private static Finding xla() {
    return XlaProbe.compilesOn(Device.cpu())
        ? Finding.good("XLA", "compiles on the processor")
        : Finding.limited(
            "XLA",
            "does not compile on the processor, so TensorFlow draws in plain loops",
            Advice.DRAW_ON_THE_JVM);
  }

  /** With the processor's library a GPU is not used, which is worth a word where there is one. */
  private static List<Finding> noGpu(Optional<NvidiaDriver> driver) {
    return List.of(
        driver
            .map(
                there ->
                    Finding.limited(
                        "GPU",
                        there.inWords() + ", but TensorFlow's library here is the processor's",
                        Advice.TAKE_THE_GPU_LIBRARY))
            .orElseGet(
                () ->
                    Finding.good(
                        "GPU",
                        "not used: no driver of NVIDIA's, and TensorFlow's library is the"
                            + " processor's")));
  }

  private static List<Finding> gpu(Optional<NvidiaDriver> driver) {
    List<Finding> found = new ArrayList<>();
    found.add(cuda());
    found.add(
        driver
            .map(there -> Finding.good("NVIDIA's driver", there.inWords()))
            .orElseGet(
                () ->
                    Finding.broken("NVIDIA's driver", "is not there", Advice.INSTALL_THE_DRIVER)));
    try {
      Device.gpu(0);
      found.add(Finding.good("GPU", "TensorFlow computes on GPU 0"));
    } catch (IllegalStateException e) {
      found.add(Finding.broken("GPU", "TensorFlow finds none", Advice.MEND_WHAT_IS_BROKEN));
    }
    return found;
  }

  /** Says in which folders the libraries lie, and which do not. */
  private static Finding cuda() {
    CudaSearch search = CudaSearch.here();
    Map<Path, Integer> places = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (CudaLibrary library : CudaLibrary.values()) {
      Optional<Path> place = search.place(library);
      place.ifPresent(file -> places.merge(file.toAbsolutePath().getParent(), 1, Integer::sum));
      if (place.isEmpty() && library.isOpenedByTensorFlow()) {
        missing.add(library.file());
      }
    }
    String there =
        places.entrySet().stream()
            .map(place -> place.getValue() + " libraries in " + place.getKey())
            .collect(Collectors.joining(", "));
    return missing.isEmpty()
        ? Finding.good("CUDA", there)
        : Finding.broken(
            "CUDA",
            "of the libraries that TensorFlow opens there is no "
                + String.join(", ", missing)
                + (there.isEmpty() ? "" : "; there are " + there),
            Advice.ADD_CUDA);
  }
}
