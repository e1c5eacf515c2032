package io.weft.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What lies in a folder, by names alone, each in the order of the names.
 *
 * @param pictures files that can be read
 * @param others further files
 * @param folders the folders in it
 */
record PictureFiles(List<Path> pictures, List<Path> others, List<Path> folders) {

  /** What systems and programs leave beside pictures; nobody misses it. */
  private static final Set<String> LITTER =
      Set.of(
          "__macosx",
          "thumbs.db",
          "desktop.ini",
          "@eadir",
          "$recycle.bin",
          "lost+found",
          "system volume information");

  /** Lists a folder; hidden files and what systems leave behind are not there. */
  static PictureFiles of(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> entries = Files.list(folder)) {
      all = entries.sorted().toList();
    }
    List<Path> pictures = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    for (Path entry : all) {
      if (isLitter(entry)) {
        continue;
      }
      if (Files.isDirectory(entry)) {
        folders.add(entry);
      } else if (Files.isRegularFile(entry) && PictureFile.isNamed(entry)) {
        pictures.add(entry);
      } else {
        others.add(entry);
      }
    }
    return new PictureFiles(pictures, others, folders);
  }

  private static boolean isLitter(Path entry) throws IOException {
    String name = entry.getFileName().toString();
    return name.startsWith(".")
        || LITTER.contains(name.toLowerCase(Locale.ROOT))
        || Files.isHidden(entry);
  }
}
