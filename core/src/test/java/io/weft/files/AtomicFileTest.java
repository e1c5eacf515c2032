package io.weft.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path folder;

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  @Test
  void aFailureLeavesTheOldFileWhole() throws IOException {
    Path file = folder.resolve("file");
    AtomicFile.write(file, out -> out.write('a'));
    IOException full = new IOException("disk full");
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write('b');
                      throw full;
                    }));
    assertEquals(full, thrown);
    assertEquals("a", Files.readString(file));
    assertEquals(1, files());
  }

  @Test
  void checkingLeavesNothingBehind() throws IOException {
    AtomicFile.checkWritable(folder.resolve("sub/file"));
    assertEquals(1, files());
    Path file = folder.resolve("file");
    AtomicFile.write(file, out -> out.write('a'));
    AtomicFile.checkWritable(file);
    assertEquals("a", Files.readString(file));
    assertEquals(2, files());
    assertThrows(IOException.class, () -> AtomicFile.checkWritable(file.resolve("below")));
  }

  @Test
  void theOldFileIsThereUntilTheNewOneIsWhole() throws IOException {
    Path file = folder.resolve("file");
    AtomicFile.write(file, out -> out.write('a'));
    AtomicFile.write(
        file,
        out -> {
          out.write('b');
          out.flush();
          assertEquals("a", Files.readString(file));
        });
    assertEquals("b", Files.readString(file));
    assertEquals(1, files());
  }

  @Test
  void aFolderIsNoTarget() throws IOException {
    assertThrows(IOException.class, () -> AtomicFile.write(folder, out -> out.write('a')));
    assertEquals(0, files());
  }
}
