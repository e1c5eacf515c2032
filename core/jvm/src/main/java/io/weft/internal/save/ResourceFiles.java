package io.weft.internal.save;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/** The files of a model that is a folder on the class path. */
final class ResourceFiles implements ModelFiles {

  private final Class<?> owner;
  private final String name;

  ResourceFiles(Class<?> owner, String name) {
    this.owner = owner;
    this.name = name;
  }

  @Override
  public Object place(String file) {
    return "resource " + name + "/" + file + " of " + owner.getName();
  }

  @Override
  public Manifest manifest() throws IOException {
    try (InputStream in = open(Manifest.FILE)) {
      return Manifest.parse(place(Manifest.FILE), Manifest.bytes(place(Manifest.FILE), in));
    }
  }

  @Override
  public InputStream open(String file) throws IOException {
    InputStream in = ModelResource.open(owner, name + "/" + file);
    if (in == null) {
      throw new NoSuchFileException(String.valueOf(place(file)));
    }
    return in;
  }

  @Override
  public void close() {
    // Nothing stays open.
  }
}
