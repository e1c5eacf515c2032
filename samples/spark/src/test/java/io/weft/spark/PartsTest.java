package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tasks may write a part: when one of them has, and was counted, the other leaves it alone. */
class PartsTest {

  @TempDir Path folder;

  @Test
  void wholePartsStayWhereTheyAreAndShortOnesDoNot() throws IOException {
    Path part = folder.resolve("part.npy");
    Files.write(part, new byte[] {1, 2});
    write(part, new byte[] {3, 4, 5});
    assertArrayEquals(new byte[] {3, 4, 5}, Files.readAllBytes(part));
    Object first = Files.readAttributes(part, "unix:ino");
    write(part, new byte[] {3, 4, 5});
    assertEquals(first, Files.readAttributes(part, "unix:ino"), "it is the same file");
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(part), files.toList(), "nothing is left beside it");
    }
  }

  private static void write(Path part, byte[] bytes) throws IOException {
    FileSystem files = FileSystem.getLocal(new Configuration());
    Parts.write(
        ((LocalFileSystem) files).getRawFileSystem(),
        new org.apache.hadoop.fs.Path(part.toUri()),
        out -> out.write(bytes));
  }
}
