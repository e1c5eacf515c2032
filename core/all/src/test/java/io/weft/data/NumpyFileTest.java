package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumpyFileTest {

  @TempDir Path folder;

  /** The format as NumPy's own documentation has it (numpy.lib.format, version 1.0). */
  @Test
  void theHeaderIsNumPysAndTheLevelsFollow() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int count : new int[] {0, 1, 7, 1000}) {
      ImageSet images = TestData.random(random, count, new ImageSpec(3, 2, 4, 256));
      Path file = folder.resolve("new/a.npy");
      NumpyFile.write(file, images);
      byte[] all = Files.readAllBytes(file);
      assertEquals("\u0093NUMPY\1\0", new String(all, 0, 8, StandardCharsets.ISO_8859_1));
      int length = (all[8] & 0xFF) + 256 * all[9];
      assertEquals(0, (10 + length) % 64, "aligned");
      String header = new String(all, 10, length, StandardCharsets.US_ASCII);
      assertTrue(header.endsWith(" \n") || header.endsWith("}\n"), header);
      assertEquals(
          "{'descr': '|u1', 'fortran_order': False, 'shape': (" + count + ", 3, 2, 4), }",
          header.strip());
      assertEquals(10 + length + 24 * count, all.length);
      for (int i = 0; i < count; i++) {
        byte[] image = new byte[24];
        images.copyImage(i, image, 0);
        int from = 10 + length + 24 * i;
        assertArrayEquals(image, Arrays.copyOfRange(all, from, from + 24));
      }
    }
  }
}
