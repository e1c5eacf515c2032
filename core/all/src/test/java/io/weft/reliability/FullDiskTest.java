package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.weft.Model;
import io.weft.image.Picture;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.files.WriteException;
import io.weft.json.DefinitionJson;
import io.weft.testing.ChildJvm;
import io.weft.testing.SavedModels;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A place without room, or that may not be written: an error that says so, and the old files. */
class FullDiskTest {

  private static final int BLOCK = 4096;

  @TempDir Path temporary;

  /** Works on small file systems in memory, which only this process sees. */
  static final class OnSmallDisks {
    private final Path disk;

    private OnSmallDisks(Path disk) {
      this.disk = disk;
    }

    public static void main(String[] arguments) throws Exception {
      OnSmallDisks disks = new OnSmallDisks(Path.of(arguments[0]));
      try (Model old = SavedModels.trained(1);
          Model changed = SavedModels.trained(2)) {
        disks.withLessAndLessRoom(old, changed);
        disks.withoutFreeNames(old, changed);
        disks.readOnly(old, changed);
      }
    }

    private void mount(String options) throws IOException, InterruptedException {
      command("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString());
    }

    private void unmount() throws IOException, InterruptedException {
      command("umount", disk.toString());
    }

    private static void command(String... words) throws IOException, InterruptedException {
      ChildJvm.Ended ended = ChildJvm.run(List.of(words));
      assertEquals(0, ended.exit(), ended.output());
    }

    /** Every free space from none to enough, block by block. */
    private void withLessAndLessRoom(Model old, Model changed) throws Exception {
      mount("size=4m");
      Path folder = disk.resolve("m");
      old.save(folder);
      Path filler = Files.createFile(disk.resolve("filler"));
      int refusals = 0;
      for (int free = 0; refused(changed, folder, filler, free, old); free++) {
        refusals++;
      }
      assertSaved(changed, folder);
      assertTrue(refusals >= 5, refusals + " refusals");
      fill(filler, 0);
      Path export = disk.resolve("export");
      check(export, () -> changed.exportSavedModel(export));
      Path file = disk.resolve("d.json");
      check(file, () -> DefinitionJson.standard().write(changed.definition(), file));
      Files.delete(filler);
      assertEquals(List.of("m"), names(disk));
      System.out.println(refusals + " saves without room refused");
      unmount();
    }

    private static boolean refused(Model model, Path folder, Path filler, int free, Model old)
        throws IOException {
      fill(filler, free);
      try {
        model.save(folder);
        return false;
      } catch (WriteException e) {
        assertTeaches(e, folder);
        assertSaved(old, folder);
        return true;
      }
    }

    /** Leaves so many blocks free. */
    private static void fill(Path filler, int free) throws IOException {
      Files.delete(filler);
      Files.createFile(filler);
      long room = Files.getFileStore(filler).getUsableSpace() - (long) free * BLOCK;
      Files.write(filler, new byte[Math.toIntExact(room)]);
    }

    /** A limit on the number of files is a quota, too. */
    private void withoutFreeNames(Model old, Model changed) throws Exception {
      mount("size=4m,nr_inodes=12");
      Path folder = disk.resolve("m");
      old.save(folder);
      check(folder, () -> changed.save(folder));
      assertSaved(old, folder);
      System.out.println("a save without free names refused");
      unmount();
    }

    private void readOnly(Model old, Model changed) throws Exception {
      mount("size=4m");
      Path folder = disk.resolve("m");
      old.save(folder);
      command("mount", "-o", "remount,ro", disk.toString());
      check(folder, () -> changed.save(folder));
      Path other = disk.resolve("new").resolve("n");
      check(other, () -> changed.save(other));
      check(other, () -> changed.exportSavedModel(other));
      Path file = disk.resolve("d.json");
      check(file, () -> DefinitionJson.standard().write(changed.definition(), file));
      assertSaved(old, folder);
      assertEquals(List.of("m"), names(disk));
      System.out.println("saves to a read-only disk refused");
      unmount();
    }

    private static void check(Path named, Executable writing) {
      assertTeaches(assertThrows(WriteException.class, writing), named);
    }

    private static void assertSaved(Model expected, Path folder) throws IOException {
      try (Model found = Model.load(folder)) {
        assertEquals(Digest.of(expected.snapshot()), Digest.of(found.snapshot()));
      }
    }
  }

  private static void assertTeaches(WriteException e, Path named) {
    String message = e.getMessage();
    assertTrue(message.startsWith(named + ": could not be written: "), message);
    assertTrue(message.contains("room") && message.contains("stays"), message);
    System.out.println(message);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> String.valueOf(p.getFileName())).sorted().toList();
    }
  }

  @Test
  void savesToFullAndReadOnlyDisks() throws Exception {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    List<String> alone = new ArrayList<>(ownMounts(disk));
    alone.addAll(ChildJvm.command("256m", OnSmallDisks.class, disk.toString()));
    ChildJvm.Ended ended = ChildJvm.run(alone);
    assertEquals(0, ended.exit(), ended.output());
    assertTrue(ended.output().contains("saves to a read-only disk refused"), ended.output());
  }

  /** The command that runs another with mounts of its own: as root, or where every user may. */
  private static List<String> ownMounts(Path disk) throws IOException, InterruptedException {
    Path unshare = Path.of("/usr/bin/unshare");
    assumeTrue(Files.isExecutable(unshare), "needs Linux's unshare, to make small file systems");
    for (String how : List.of("-m", "-rm")) {
      List<String> command = List.of(unshare.toString(), how);
      List<String> probe = new ArrayList<>(command);
      probe.addAll(List.of("mount", "-t", "tmpfs", "tmpfs", disk.toString()));
      if (ChildJvm.run(probe).exit() == 0) {
        return command;
      }
    }
    assumeTrue(false, "this user may not make small file systems; run as root to check full disks");
    return List.of();
  }

  @Test
  void filesOnAFullDiskStayAsTheyWere() throws IOException {
    Configuration small = Configuration.unix().toBuilder().setMaxSize(2 * BLOCK).build();
    try (FileSystem disk = Jimfs.newFileSystem(small)) {
      Path folder = disk.getPath("/work");
      Path file = folder.resolve("file");
      byte[] before = {1, 2, 3};
      AtomicFile.write(file, out -> out.write(before));
      List<Executable> attempts =
          List.of(
              () -> AtomicFile.write(file, out -> out.write(new byte[3 * BLOCK])),
              () -> DefinitionJson.standard().write(SavedModels.definition(), file),
              () -> Picture.of(SavedModels.DIGITS, 0).scaled(40).writePng(file));
      for (Executable attempt : attempts) {
        assertTeaches(assertThrows(WriteException.class, attempt), file);
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of("file"), names(folder));
      }
    }
  }

  @Test
  void modelsAreSavedOnTheSystemsOwnDisks() throws IOException {
    try (FileSystem other = Jimfs.newFileSystem(Configuration.unix());
        Model model = Model.initial(SavedModels.definition(), 1)) {
      Path folder = other.getPath("/work/m");
      for (Executable attempt :
          List.<Executable>of(() -> model.save(folder), () -> model.exportSavedModel(folder))) {
        String message = assertThrows(IOException.class, attempt).getMessage();
        assertTrue(message.contains("own file system"), message);
      }
      assertEquals(List.of(), names(folder.getParent()));
    }
  }
}
