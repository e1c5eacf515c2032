package com.example.jvmonly;

import io.weft.Model;
import io.weft.sample.Pixel;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Iterator;

/**
 * Loads a saved model and streams the pixels of one image, in a process that has weft-jvm and no
 * TensorFlow. The model lies on the class path: {@code weft train --data embedded --size 16
 * --levels 4 --classes} made it.
 */
public final class JvmOnly {

  private static final String GREYS = " .+#";

  private JvmOnly() {}

  /** Draws a digit: the first argument, or a three. */
  public static void main(String[] arguments) throws IOException {
    int digit = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    long first = draw(digit, System.out);
    System.out.printf(
        java.util.Locale.ROOT,
        "%nThe first pixel was there %d ms after the start of Java.%n",
        first - ManagementFactory.getRuntimeMXBean().getStartTime());
    if (System.out.checkError()) {
      throw new IOException("standard output could not be written; is there room?");
    }
  }

  /** Draws a digit, pixel by pixel, and returns when the first one was there. */
  static long draw(int digit, PrintStream out) throws IOException {
    // region stream
    try (Model model = Model.loadResource(JvmOnly.class, "digits.zip")) {
      Iterator<Pixel> pixels = model.sampler(7).labels(image -> digit).pixels().iterator();
      Pixel first = pixels.next();
      long when = System.currentTimeMillis();
      show(first, out);
      pixels.forEachRemaining(pixel -> show(pixel, out));
      return when;
    }
    // endregion
  }

  private static void show(Pixel pixel, PrintStream out) {
    out.print(GREYS.charAt(pixel.value(0)));
    if (pixel.column() == 15) {
      out.println();
    }
  }
}
