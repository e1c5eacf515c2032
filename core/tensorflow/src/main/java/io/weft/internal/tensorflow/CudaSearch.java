package io.weft.internal.tensorflow;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where CUDA's libraries are found: in the bundle on the class path, which is loaded first, or else
 * where the system's linker looks.
 *
 * @param bundle what is on the class path
 * @param folders of the variable LD_LIBRARY_PATH
 * @param listed what {@code ldconfig -p} prints: lines such as "libz.so.1 (libc6) =&gt; /lib/.."
 */
record CudaSearch(CudaBundle bundle, List<Path> folders, List<String> listed) {

  /** Returns that of this process. */
  static CudaSearch here() {
    String folders = Objects.requireNonNullElse(System.getenv("LD_LIBRARY_PATH"), "");
    return new CudaSearch(
        CudaBundle.here(),
        Stream.of(folders.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .toList(),
        listing());
  }

  /** Returns the file that an opening of the library's name gets, if there is one. */
  Optional<Path> place(CudaLibrary library) {
    try {
      Optional<File> bundled = bundle.file(library);
      if (bundled.isPresent()) {
        return bundled.map(File::toPath);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return folders.stream()
        .map(folder -> folder.resolve(library.file()))
        .filter(Files::exists)
        .findFirst()
        .or(() -> listed(library));
  }

  private Optional<Path> listed(CudaLibrary library) {
    return listed.stream()
        .map(String::strip)
        .filter(line -> line.startsWith(library.file() + " "))
        .map(line -> Path.of(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst();
  }

  /** A system that does not say it is one where nothing is found there. */
  private static List<String> listing() {
    try {
      Process process =
          new ProcessBuilder("/sbin/ldconfig", "-p")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      try (Stream<String> lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
        return lines.toList();
      }
    } catch (IOException e) {
      return List.of();
    }
  }
}
