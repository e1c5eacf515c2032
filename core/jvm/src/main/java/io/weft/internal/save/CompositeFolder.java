package io.weft.internal.save;

import io.weft.internal.files.AtomicFile;
import io.weft.internal.files.RegularFile;
import io.weft.internal.files.WriteException;
import io.weft.internal.save.CompositeFormat.Parts;
import io.weft.internal.save.CompositeFormat.Tree;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Interruption;
import io.weft.json.LayerCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Several models as a folder. */
final class CompositeFolder {

  /** How long a loader waits for saves that follow each other closely. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(2);

  private final CompositeFormat format;
  private final Path folder;
  private final LayerCatalog catalog;

  CompositeFolder(CompositeFormat format, Path folder, LayerCatalog catalog) {
    this.format = format;
    this.folder = folder;
    this.catalog = catalog;
  }

  /** As {@link CompositeFormat#checkReplaceable} says. */
  void checkReplaceable() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.list(folder)) {
      List<String> others =
          all.map(path -> path.getFileName().toString())
              // A leading dot is what saves, and systems that show folders, put beside.
              .filter(name -> !name.startsWith(".") && !isPart(name))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw CompositeFormat.foreign(
            folder, others.get(0) + " in it", format.what(), "Save to another folder.");
      }
    } catch (NotDirectoryException e) {
      throw CompositeFormat.foreign(folder, "a file", format.what(), "Save to another place.");
    }
    for (String model : format.models()) {
      ModelFolder.of(folder.resolve(model), catalog).checkReplaceable();
    }
  }

  private boolean isPart(String name) {
    return name.equals(format.file()) || format.models().contains(name);
  }

  /**
   * As {@link CompositeFormat#save} says.
   *
   * @param text of the file
   */
  void save(byte[] text, List<ModelContents> contents) throws IOException {
    checkReplaceable();
    List<Map<String, AtomicFile.Content>> files =
        contents.stream().map(each -> ModelFormat.files(each, catalog)).toList();
    Interruption.check();
    Aside.uninterrupted(
        () -> {
          ModelPlace.requireOwnDisk(folder);
          try {
            Files.createDirectories(folder);
          } catch (FileSystemException e) {
            throw new WriteException(folder, e);
          }
          // Two saves at a time would leave a model of each.
          SaveLock lock = ModelPlace.of(folder).lock();
          try {
            replace(text, contents, files);
          } finally {
            lock.close();
          }
        });
  }

  private void replace(
      byte[] text, List<ModelContents> contents, List<Map<String, AtomicFile.Content>> files)
      throws IOException {
    List<Replacement> written = new ArrayList<>();
    boolean done = false;
    try {
      for (int i = 0; i < contents.size(); i++) {
        Path place = folder.resolve(format.models().get(i));
        written.add(Replacement.write(place, contents.get(i), files.get(i)));
      }
      AtomicFile.write(
          folder.resolve(format.file()),
          out -> out.write(text),
          () -> {
            for (Replacement model : written) {
              model.publish();
            }
          });
      done = true;
    } finally {
      for (Replacement model : written) {
        try (model) {
          if (!done) {
            model.withdraw();
          }
        }
      }
    }
  }

  /** Reads what one save wrote, though another may be under way. */
  Parts read() throws IOException {
    ModelPlace place = ModelPlace.of(folder);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      boolean isCalm = !place.isBeingSaved();
      List<byte[]> before = state();
      boolean isLate = System.nanoTime() > deadline;
      try {
        Parts parts = parts();
        if (isLate || (isCalm && isStill(place, before))) {
          return parts;
        }
      } catch (IOException e) {
        if (isLate || (isCalm && isStill(place, before))) {
          throw e;
        }
      }
      Interruption.check();
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private boolean isStill(ModelPlace place, List<byte[]> before) throws IOException {
    List<byte[]> now = state();
    for (int i = 0; i < now.size(); i++) {
      if (!Arrays.equals(before.get(i), now.get(i))) {
        return false;
      }
    }
    return !place.isBeingSaved();
  }

  /** Returns the file and the manifests that are there now; nothing for those that are not. */
  private List<byte[]> state() throws IOException {
    List<byte[]> state = new ArrayList<>();
    state.add(text(folder.resolve(format.file())));
    for (String model : format.models()) {
      state.add(ModelFolder.manifest(ModelPlace.of(folder.resolve(model))));
    }
    return state;
  }

  private static byte[] text(Path file) {
    try (InputStream in = RegularFile.open(file)) {
      return in.readNBytes(CompositeFormat.LARGEST + 1);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private Parts parts() throws IOException {
    Path json = folder.resolve(format.file());
    if (!Files.isRegularFile(json)) {
      throw CompositeFormat.foreign(json, "no such file", format.what(), format.give());
    }
    Tree tree;
    try (InputStream in = RegularFile.open(json)) {
      tree = format.tree(json, in);
    }
    List<ModelContents> contents = new ArrayList<>();
    for (String model : format.models()) {
      contents.add(ModelFolder.of(folder.resolve(model), catalog).load());
    }
    return new Parts(tree, contents);
  }
}
