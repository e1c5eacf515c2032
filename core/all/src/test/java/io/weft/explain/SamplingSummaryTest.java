package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.prove.PlainModels;
import io.weft.spec.ImageSpec;
import org.junit.jupiter.api.Test;

class SamplingSummaryTest {

  @Test
  void aSmallProgramOnAPage() {
    assertEquals(
        """
        step program of plain

        node     maps  calls  positions  slots  FLOPs  weights  with
        image       1                       10
        relu        4     64        1.0     11     30       16  conv3x3
        conv1x1     4     64        1.0      2    173       96  conv3x3_2, relu_2

        steps           64, one for each colour value
        nodes a step    2.0
        cache an image  74 floats, of which 52 live at most
        FLOPs a pixel   203
        bytes a pixel   448 of weights (once for all images in lockstep), 114 of caches
        """,
        SamplingSummary.of(PlainModels.plain(new ImageSpec(8, 8, 1, 4), 2)).text());
  }
}
