package io.weft.internal.tensorflow;

import io.weft.advice.Advice;
import io.weft.engine.NativeLibraryException;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * Why TensorFlow's native library did not load. It comes in a jar, from which JavaCPP unpacks it
 * once into a folder that it keeps; what goes wrong in that is lost in JavaCPP's own message, which
 * is only that some library was not found. So it is found out here, by looking at the folder.
 */
final class LoadFailure {

  /** The property that names JavaCPP's folder. */
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";

  private final LinkageError error;

  private LoadFailure(LinkageError error) {
    this.error = error;
  }

  /** Returns what to throw in place of an error of loading. */
  static NativeLibraryException explain(LinkageError error) {
    return new LoadFailure(error).explained();
  }

  private NativeLibraryException explained() {
    Optional<NativeLibrary> library = NativeLibrary.find();
    if (library.isEmpty()) {
      return failed(
          "there is none for this platform on the class path, which is "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch"),
          Advice.ADD_THE_PLATFORMS_LIBRARY);
    }
    if (said("GLIBC")) {
      return failed(
          "this system's C library is too old (" + deepest() + ")", Advice.USE_A_NEWER_SYSTEM);
    }
    return unpacking(missing(library.get().address()));
  }

  private NativeLibraryException unpacking(long missing) {
    Optional<Path> chosen = chosen();
    if (chosen.isEmpty()) {
      return failed(
          "there is no folder to unpack it to: tried "
              + candidates().stream()
                  .map(folder -> folder + " (" + obstacle(folder).orElse("cannot be made") + ")")
                  .collect(Collectors.joining(" and ")),
          Advice.UNPACK_ELSEWHERE);
    }
    Path folder = chosen.get();
    String to = "it cannot be unpacked to " + folder + " and run from there: ";
    Optional<String> obstacle = obstacle(folder);
    if (missing > 0 && obstacle.isPresent()) {
      return failed(to + "this folder " + obstacle.get(), Advice.UNPACK_ELSEWHERE);
    }
    long room = folder.toFile().getUsableSpace();
    if (missing > room) {
      return failed(
          to + "it takes " + megabytes(missing) + " more, and there is room for " + megabytes(room),
          Advice.UNPACK_ELSEWHERE);
    }
    if (Mounts.forbidPrograms(folder) || said("failed to map segment")) {
      return failed(
          to + "this disk does not let programs run from it (noexec)", Advice.UNPACK_ELSEWHERE);
    }
    return failed(to + deepest(), Advice.UNPACK_ELSEWHERE);
  }

  private NativeLibraryException failed(String why, Advice advice) {
    return new NativeLibraryException(
        "TensorFlow's native library does not load: " + why, advice, error);
  }

  private static String megabytes(long bytes) {
    return (bytes >> 20) + " MB";
  }

  /** How many bytes of the library and what it links to are not unpacked. */
  private static long missing(URL library) {
    try {
      if (!(library.openConnection() instanceof JarURLConnection jar)) {
        return 0;
      }
      String folder = jar.getEntryName().substring(0, jar.getEntryName().lastIndexOf('/') + 1);
      Path unpacked =
          chosen().orElse(Path.of("")).resolve(Path.of(jar.getJarFile().getName()).getFileName());
      return jar.getJarFile().stream()
          .filter(entry -> entry.getName().startsWith(folder) && !entry.isDirectory())
          .filter(entry -> unpacked.resolve(entry.getName()).toFile().length() != entry.getSize())
          .mapToLong(JarEntry::getSize)
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }

  private static Optional<Path> chosen() {
    try {
      return Optional.of(Loader.getCacheDir().toPath().toAbsolutePath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The folders that JavaCPP tries, in its order. */
  private static Set<Path> candidates() {
    String name = ".javacpp";
    Set<Path> all = new LinkedHashSet<>();
    Optional.ofNullable(System.getProperty(CACHE)).map(Path::of).ifPresent(all::add);
    all.add(Path.of(System.getProperty("user.home"), name, "cache"));
    all.add(
        Path.of(
            System.getProperty("java.io.tmpdir"),
            name + "-" + System.getProperty("user.name"),
            "cache"));
    return all;
  }

  /** What keeps a folder from being made or written, if that can be seen. */
  private static Optional<String> obstacle(Path folder) {
    File there = folder.toAbsolutePath().toFile();
    while (!there.exists()) {
      there = there.getParentFile();
    }
    if (!there.isDirectory()) {
      return Optional.of("is below a file, " + there);
    }
    try {
      if (Files.getFileStore(there.toPath()).isReadOnly()) {
        return Optional.of("is on a disk that is mounted read-only");
      }
    } catch (IOException e) {
      return Optional.of("cannot be reached: " + e.getMessage());
    }
    return there.canWrite() ? Optional.empty() : Optional.of("may not be written");
  }

  private boolean said(String words) {
    return chain().stream().anyMatch(e -> String.valueOf(e.getMessage()).contains(words));
  }

  private String deepest() {
    List<Throwable> chain = chain();
    return String.valueOf(chain.get(chain.size() - 1).getMessage());
  }

  private List<Throwable> chain() {
    return Stream.<Throwable>iterate(error, e -> e != null, Throwable::getCause).toList();
  }
}
