package io.weft.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Values on their way to workers and back: the bytes that Java's serialisation makes of them. So
 * they travel whatever serialiser a Spark context has; Kryo's, for one, knows no records.
 */
final class Travelling {

  /** What is to be done where a class is missing. */
  static final String HOW_JARS_COME =
      "name the jars of the program in spark.jars, or by --jars of spark-submit";

  private Travelling() {}

  /** Returns the bytes of a value. */
  static byte[] bytes(Serializable value) {
    try {
      return written(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] written(Serializable value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  /**
   * Returns the value of bytes.
   *
   * @throws FleetException if a class is missing here; the message says which
   */
  static <T> T value(byte[] bytes, Class<T> type) {
    try (ObjectInputStream in = new Reader(bytes)) {
      return type.cast(in.readObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new FleetException(
          "there is no class " + e.getMessage() + " on " + Likeness.host() + "; " + HOW_JARS_COME);
    }
  }

  /** Finds classes as Spark's tasks do: by the loader of the thread. */
  private static final class Reader extends ObjectInputStream {
    Reader(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass type)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(type.getName(), false, Thread.currentThread().getContextClassLoader());
      } catch (ClassNotFoundException e) {
        return super.resolveClass(type);
      }
    }
  }

  /**
   * Returns a function of a user's that can travel.
   *
   * @param what it is, in the words of who gives it, such as "the labels"
   * @throws IllegalArgumentException if it cannot; the message names what it captures
   */
  static <T extends Serializable> T checked(String what, T function) {
    Objects.requireNonNull(function, what);
    try {
      written(function);
      return function;
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException(
          what
              + " ("
              + Captured.name(function)
              + ") cannot travel to the workers: "
              + Captured.stuckIn(function)
                  .orElse("it holds a " + e.getMessage() + ", which is not Serializable")
              + "; copy what the function needs into a local variable of a Serializable type",
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          what
              + " ("
              + Captured.name(function)
              + ") cannot travel to the workers: "
              + e.getMessage(),
          e);
    }
  }
}
