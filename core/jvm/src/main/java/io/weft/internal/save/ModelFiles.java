package io.weft.internal.save;

import io.weft.save.ModelFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/** The files of one saved model, wherever they are. Each is opened once at most. */
interface ModelFiles extends Closeable {

  /** Returns what a message calls a file. */
  Object place(String name);

  /** Returns the manifest; it is asked for before all else. */
  Manifest manifest() throws IOException;

  /**
   * Opens a file of the manifest.
   *
   * @throws NoSuchFileException if it is not there
   * @throws ModelFormatException if it can be seen not to be what was saved
   */
  InputStream open(String name) throws IOException;
}
