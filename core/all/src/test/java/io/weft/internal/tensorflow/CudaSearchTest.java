package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.engine.NativeLibraryException;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CUDA's libraries where they are found, with other files in their places. */
class CudaSearchTest {

  private static final String FOLDER = "org/bytedeco/cuda/linux-x86_64/";

  @TempDir Path temporary;

  private static CudaBundle nothing() {
    return CudaBundle.of(ClassLoader.getPlatformClassLoader(), address -> new File("none"));
  }

  private CudaBundle bundle(CudaLibrary library, byte[] content) throws Exception {
    Path file = Files.write(temporary.resolve(library.file()), content);
    ClassLoader classes =
        new ClassLoader() {
          @Override
          public @Nullable URL getResource(String name) {
            return name.equals(FOLDER + library.file()) ? address(file) : null;
          }
        };
    return CudaBundle.of(classes, address -> file.toFile());
  }

  private static URL address(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void isFoundInTheListOfTheLinker() {
    List<String> listed =
        List.of(
            "\tlibcudart.so.12 (libc6,x86-64) => /usr/local/cuda/lib64/libcudart.so.12",
            "\tlibcudart.so.120 (libc6,x86-64) => /elsewhere");
    CudaSearch search = new CudaSearch(nothing(), List.of(), listed);
    assertEquals(
        Optional.of(Path.of("/usr/local/cuda/lib64/libcudart.so.12")),
        search.place(CudaLibrary.CUDART));
    assertEquals(Optional.empty(), search.place(CudaLibrary.CUDNN));
  }

  @Test
  void theVariablesFoldersComeBeforeTheList() throws Exception {
    Path file = Files.createFile(temporary.resolve("libcudnn.so.9"));
    CudaSearch search =
        new CudaSearch(
            nothing(), List.of(temporary), List.of("libcudnn.so.9 (libc6) => /other/libcudnn.so"));
    assertEquals(Optional.of(file), search.place(CudaLibrary.CUDNN));
  }

  @Test
  void theClassPathComesFirst() throws Exception {
    CudaBundle bundle = bundle(CudaLibrary.CUFFT, new byte[] {1, 2, 3});
    Path place =
        new CudaSearch(bundle, List.of(), List.of("libcufft.so.11 (libc6) => /other"))
            .place(CudaLibrary.CUFFT)
            .orElseThrow();
    assertEquals(3, Files.size(place));
  }

  @Test
  void whatIsThereIsLoadedAndWhatDoesNotLoadIsNamed() throws Exception {
    assumeTrue(Loader.getPlatform().equals("linux-x86_64"), "the bundle is for linux-x86_64");
    nothing().load();
    CudaBundle damaged = bundle(CudaLibrary.NCCL, new byte[] {1, 2, 3});
    var error = assertThrows(NativeLibraryException.class, damaged::load);
    assertTrue(
        error.getMessage().startsWith("CUDA's libnccl.so.2 does not load from the class path"),
        error.getMessage());
  }

  @Test
  void theDriverIsWhatLinuxSays() throws Exception {
    Path file = Files.writeString(temporary.resolve("version"), "560.35.05\n");
    assertEquals("560.35.05", NvidiaDriver.find(file).orElseThrow().version());
    assertEquals(Optional.empty(), NvidiaDriver.find(temporary.resolve("none")));
  }
}
