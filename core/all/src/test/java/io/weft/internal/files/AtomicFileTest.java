package io.weft.internal.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
  void aFileThatTheContentMissesIsNotTheOneToBeWritten() throws IOException {
    IOException missing = new NoSuchFileException("source");
    AtomicFile.Content content =
        out -> {
          out.write('a');
          throw missing;
        };
    Path file = folder.resolve("file");
    assertSame(missing, assertThrows(IOException.class, () -> AtomicFile.write(file, content)));
    assertEquals(0, files());
    Path none = Path.of("/dev/null");
    assumeTrue(Files.isWritable(none), "needs Linux's devices");
    assertSame(missing, assertThrows(IOException.class, () -> AtomicFile.write(none, content)));
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
  void whatIsInTheWayIsToldAheadAndNothingIsMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertEquals(Optional.of("is a folder; name a file"), AtomicFile.obstacle(folder));
    String below = AtomicFile.obstacle(file.resolve("a/b")).orElseThrow();
    assertTrue(below.contains(file + ", which is no folder"), below);
    assertEquals(Optional.empty(), AtomicFile.obstacle(file));
    assertEquals(Optional.empty(), AtomicFile.obstacle(folder.resolve("new/file")));
    assertFalse(Files.exists(folder.resolve("new")));
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, file.resolve("below"));
    assertTrue(AtomicFile.obstacle(link).orElseThrow().contains("no folder"));
    Path device = Path.of("/dev/null");
    if (Files.exists(device)) {
      assertEquals(Optional.empty(), AtomicFile.obstacle(device));
    }
  }

  @Test
  void aFolderIsNoTarget() throws IOException {
    assertThrows(IOException.class, () -> AtomicFile.write(folder, out -> out.write('a')));
    assertEquals(0, files());
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = folder.resolve("link");
    Path second = folder.resolve("second");
    Files.createSymbolicLink(link, Path.of("real", "file"));
    Files.createSymbolicLink(second, link);
    for (byte value : new byte[] {'a', 'b'}) {
      // At first there is nothing behind the link.
      AtomicFile.checkWritable(second);
      AtomicFile.write(second, out -> out.write(value));
      assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(second));
      assertEquals("" + (char) value, Files.readString(real.resolve("file")));
    }
    Path toFolder = folder.resolve("to folder");
    Files.createSymbolicLink(toFolder, real);
    AtomicFile.write(toFolder.resolve("other"), out -> out.write('c'));
    assertEquals("c", Files.readString(real.resolve("other")));
    assertThrows(IOException.class, () -> AtomicFile.write(toFolder, out -> out.write('a')));
    Path circle = folder.resolve("circle");
    Files.createSymbolicLink(circle, Path.of("circle"));
    assertThrows(IOException.class, () -> AtomicFile.write(circle, out -> out.write('a')));
    assertEquals(5, files());
  }

  @Test
  void aPipeIsWrittenIntoAndStaysOne() throws Exception {
    Path pipe = folder.resolve("pipe");
    ChildJvm.Ended made = ChildJvm.run(List.of("mkfifo", pipe.toString()));
    assumeTrue(made.exit() == 0, "needs mkfifo: " + made.output());
    AtomicFile.checkWritable(pipe);
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(pipe);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    AtomicFile.write(pipe, out -> out.write("words".getBytes(StandardCharsets.UTF_8)));
    assertEquals("words", read.get(60, TimeUnit.SECONDS));
    assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe));
    assertEquals(1, files());
  }

  @Test
  void devicesStayDevices() throws IOException {
    Path none = Path.of("/dev/null");
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(none) && Files.isWritable(full), "needs Linux's devices");
    AtomicFile.checkWritable(none);
    AtomicFile.write(none, out -> out.write(new byte[10_000]));
    assertTrue(Files.exists(none) && !Files.isRegularFile(none));
    for (int bytes : new int[] {1, 100_000}) {
      String message =
          assertThrows(
                  WriteException.class, () -> AtomicFile.write(full, o -> o.write(new byte[bytes])))
              .getMessage();
      assertTrue(message.contains("/dev/full") && message.contains("no file"), message);
    }
    assertTrue(!Files.isRegularFile(full));
  }

  /** Writes to its standard output, as a file. */
  static final class ToStandardOutput {
    private ToStandardOutput() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println("before");
      AtomicFile.checkWritable(Path.of("/dev/stdout"));
      AtomicFile.write(Path.of("/dev/stdout"), out -> out.write('a'));
      System.out.println("after");
    }
  }

  @Test
  void whatAProcessHasOpenIsNotReplaced() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/fd")), "needs Linux's /proc");
    Path file = folder.resolve("output");
    Process process =
        new ProcessBuilder(ChildJvm.command("64m", ToStandardOutput.class))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
            .start();
    assertEquals(
        0,
        process.waitFor(),
        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals("before\naafter\n", Files.readString(file));
  }

  @Test
  void aFileKeepsItsPermissions() throws IOException {
    Path file = folder.resolve("file");
    AtomicFile.write(file, out -> out.write('a'));
    assumeTrue(Files.getFileStore(file).supportsFileAttributeView("posix"));
    Set<PosixFilePermission> secret = PosixFilePermissions.fromString("rw-------");
    Files.setPosixFilePermissions(file, secret);
    AtomicFile.write(file, out -> out.write('b'));
    assertEquals(secret, Files.getPosixFilePermissions(file));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    assumeFalse(Files.isWritable(file), "root may write anything");
    assertThrows(WriteException.class, () -> AtomicFile.write(file, out -> out.write('c')));
    assertEquals("b", Files.readString(file));
  }
}
