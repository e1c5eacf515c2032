package io.weft.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.prove.BlindSpot;
import io.weft.prove.DefinitionReport;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelCnnPlusPlusTest {

  /** The public implementations count 53.66 million. */
  @Test
  void thePapersModelIsProvenAndHasItsSize() {
    Definition paper = PixelCnnPlusPlus.builder(new ImageSpec(32, 32, 3, 256)).build();
    assertEquals(53_659_080, paper.parameterCount());
    assertEquals(List.of(), DefinitionReport.of(paper.proof()).deadBranches());
  }

  @Test
  void everyEarlierValueIsSeenAtEverySize() {
    for (ImageSpec image :
        List.of(
            new ImageSpec(5, 7, 1, 4),
            new ImageSpec(9, 9, 3, 256),
            new ImageSpec(10, 10, 1, 2),
            new ImageSpec(1, 6, 2, 3),
            new ImageSpec(6, 1, 4, 3),
            new ImageSpec(1, 1, 1, 2))) {
      Definition model = PixelCnnPlusPlus.builder(image).blocks(2).maps(4).components(2).build();
      assertEquals(List.of(), DefinitionReport.of(model.proof()).deadBranches());
      for (int c = 0; c < image.channels(); c++) {
        BlindSpot spot = BlindSpot.of(model.proof(), image.height() - 1, image.width() - 1, c);
        assertTrue(spot.isEmpty(), image + ", channel " + c + ": " + spot);
      }
    }
  }

  @Test
  void takesOtherSizes() {
    ImageSpec image = new ImageSpec(8, 8, 1, 16);
    Definition model =
        PixelCnnPlusPlus.builder(image)
            .name("small")
            .blocks(1)
            .maps(4)
            .kernel(5)
            .dropout(0)
            .components(3)
            .classCondition("class", 10)
            .build();
    assertEquals(Distribution.logisticMixture(3), model.distribution());
    assertTrue(model.graph().nodes().stream().noneMatch(n -> n.name().contains("dropout")));
    var even = PixelCnnPlusPlus.builder(image).kernel(4);
    assertThrows(DefinitionException.class, even::build);
    assertThrows(IllegalArgumentException.class, () -> even.dropout(1));
    assertThrows(IllegalArgumentException.class, () -> even.components(0));
  }

  @Test
  void aShortcutLeftOverDoesNotBuild() {
    Shortcuts<String> kept = new Shortcuts<>();
    kept.keep("first");
    kept.keep("second");
    assertEquals("second", kept.next());
    assertEquals("second", kept.take());
    var error = assertThrows(DefinitionException.class, kept::finish);
    assertTrue(error.getMessage().contains("first"), error.getMessage());
    kept.take();
    kept.finish();
  }
}
