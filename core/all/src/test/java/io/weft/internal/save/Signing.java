package io.weft.internal.save;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Makes a folder consistent again whose files a test has changed. */
final class Signing {

  private Signing() {}

  /** Writes the manifest anew, with the fingerprints of files as they are now. */
  static void sign(Path folder, String... changed) throws IOException {
    Path manifest = folder.resolve(Manifest.FILE);
    Manifest old = Manifest.parse(manifest, Files.readAllBytes(manifest));
    Map<String, Fingerprint> files = new HashMap<>(old.files());
    for (String name : changed) {
      files.put(name, Fingerprint.of(Files.readAllBytes(folder.resolve(name))));
    }
    Files.write(
        manifest,
        new Manifest(
                old.saved(),
                old.model(),
                old.versions(),
                old.step(),
                old.run(),
                files,
                old.history())
            .bytes());
  }
}
