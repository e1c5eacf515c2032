package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.Model;
import io.weft.data.Cifar10;
import io.weft.data.DataFormatException;
import io.weft.data.DataPath;
import io.weft.data.Idx;
import io.weft.data.ImageFolder;
import io.weft.json.DefinitionJson;
import io.weft.save.ModelFormatException;
import io.weft.testing.ChildJvm;
import io.weft.testing.SavedModels;
import io.weft.watch.TrainingHistory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Files with strange names, and what is no file where one is read. */
class SpecialFilesTest {

  /** What reads a pipe waits for ever; the machine may be busy. */
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final long HUGE = 200L << 30;

  @TempDir Path temporary;

  private static void pipe(Path path) throws IOException, InterruptedException {
    ChildJvm.Ended made = ChildJvm.run(List.of("mkfifo", path.toString()));
    assumeTrue(made.exit() == 0, "needs mkfifo: " + made.output());
  }

  private static void sparse(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(HUGE);
    }
  }

  private static String refused(Executable reading) {
    return assertTimeoutPreemptively(
        SOON,
        () -> {
          Exception refusal = assertThrows(Exception.class, reading);
          boolean teaches =
              refusal instanceof ModelFormatException
                  || refusal instanceof DataFormatException
                  || refusal instanceof FileSystemException;
          assertTrue(teaches && refusal.getMessage().contains("expected"), refusal.toString());
          return refusal.getMessage();
        });
  }

  @Test
  void modelsLieUnderAnyName() throws IOException {
    try (Model model = SavedModels.trained(1)) {
      for (String name :
          List.of(
              "digits[1..3]",
              "a\\b",
              "*?{x,y}",
              "[!a]",
              "ends with ]",
              "模型 ü",
              "new\nline",
              " ",
              "%d%s",
              "a,b;c")) {
        Path folder = temporary.resolve("in " + name).resolve(name);
        model.save(folder);
        try (Model loaded = Model.load(folder)) {
          SavedModels.assertSame(model.snapshot(), loaded.snapshot());
        }
        assertEquals(List.of(name), SavedModels.names(folder.getParent()));
        Path exported = folder.resolveSibling("exported");
        model.exportSavedModel(exported);
        assertTrue(Files.exists(exported.resolve("variables").resolve("variables.index")), name);
      }
    }
  }

  @Test
  void aModelOfPipesDevicesOrSparseFilesIsRefusedAtOnce() throws Exception {
    Path folder = temporary.resolve("m");
    try (Model model = SavedModels.trained(1)) {
      model.save(folder);
    }
    Executable load = () -> Model.load(folder).close();
    for (Map.Entry<String, byte[]> file : SavedModels.files(folder).entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.delete(path);
      pipe(path);
      assertTrue(refused(load).contains("a device, a pipe or a socket"));
      Files.delete(path);
      sparse(path);
      String large = refused(load);
      assertTrue(large.contains(HUGE + " bytes") || large.contains("beyond"), large);
      Files.delete(path);
      Files.createDirectory(path);
      assertTrue(refused(load).contains("a folder"));
      Files.delete(path);
      if (Files.exists(Path.of("/dev/zero"))) {
        Files.createSymbolicLink(path, Path.of("/dev/zero"));
        assertTrue(refused(load).contains("a device, a pipe or a socket"));
        Files.delete(path);
      }
      Files.write(path, file.getValue());
    }
    Model.load(folder).close();
    Path pipe = temporary.resolve("pipe");
    pipe(pipe);
    refused(() -> Model.load(pipe).close());
    refused(() -> Model.load(pipe.resolve("m")).close());
  }

  @Test
  void dataOfPipesIsRefusedAtOnce() throws Exception {
    for (String name :
        List.of("images-idx3-ubyte", "a.gz", "batch.bin", "a.png", "a.jpg", "a.json", "a.csv")) {
      pipe(temporary.resolve(name));
    }
    refused(() -> Idx.images(temporary.resolve("images-idx3-ubyte")));
    refused(() -> Idx.labels(temporary.resolve("a.gz")));
    refused(() -> Cifar10.file(temporary.resolve("batch.bin")));
    refused(() -> DataPath.train(temporary.resolve("a.gz")));
    refused(() -> ImageFolder.file(temporary.resolve("a.png")).read());
    refused(() -> ImageFolder.file(temporary.resolve("a.jpg")).read());
    refused(() -> DefinitionJson.standard().read(temporary.resolve("a.json")));
    refused(() -> TrainingHistory.read(temporary.resolve("a.json")));
    refused(() -> TrainingHistory.read(temporary.resolve("a.csv")));
  }
}
