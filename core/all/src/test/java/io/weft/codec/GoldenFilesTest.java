package io.weft.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Files that were committed once are decoded for ever, and coded again to the same bytes: under the
 * same version of the arithmetic and of the format. {@code GoldenBitsTest} does the same in all
 * kinds of Java.
 */
class GoldenFilesTest {

  @Test
  void areDecodedAndCodedAgain() throws Exception {
    assertEquals(
        List.of(
            "colours.weft",
            "labels-given.weft",
            "resized.weft",
            "tiles.weft",
            "greys.weft",
            "codes.weft"),
        GoldenFiles.check(Integer.MAX_VALUE));
  }
}
