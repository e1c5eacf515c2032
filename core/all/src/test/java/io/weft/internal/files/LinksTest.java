package io.weft.internal.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links lead where the system says that they do. */
class LinksTest {

  @TempDir Path temporary;

  private Path root;

  /** data/link leads to disk/sub. */
  @BeforeEach
  void link() throws IOException {
    root = temporary.toRealPath();
    Files.createDirectories(root.resolve("disk/sub"));
    Files.createDirectory(root.resolve("data"));
    Files.createSymbolicLink(root.resolve("data/link"), root.resolve("disk/sub"));
  }

  private void leads(String from, String to) throws IOException {
    assertEquals(root.resolve(to), Links.followed(root.resolve(from)), from);
  }

  @Test
  void aFolderAboveIsThatOfWhereALinkLeads() throws IOException {
    Path file = Files.writeString(root.resolve("disk/h.csv"), "x");
    leads("data/link/../h.csv", "disk/h.csv");
    assertEquals(file.toRealPath(), root.resolve("data/link/../h.csv").toRealPath());
    leads("data/link/../new/h.csv", "disk/new/h.csv");
    leads("data/./link/h.csv", "disk/sub/h.csv");
    leads("data/new/../h.csv", "data/h.csv");
    assertEquals(root.getRoot(), Links.followed(root.getRoot().resolve("../..")));
  }

  @Test
  void whatALinkSaysMayGoThroughOthers() throws IOException {
    Files.createSymbolicLink(root.resolve("data/second"), Path.of("link/../third"));
    Files.createSymbolicLink(root.resolve("disk/third"), Path.of("sub/deep/../file"));
    leads("data/second", "disk/sub/file");
  }

  @Test
  void aCircleIsRefused() throws IOException {
    Files.createSymbolicLink(root.resolve("data/a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("data/b"), Path.of("a"));
    assertThrows(FileSystemLoopException.class, () -> Links.followed(root.resolve("data/a/x")));
  }
}
