package com.example.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.complete.Half;
import io.weft.complete.KnownPixels;
import io.weft.complete.PixelMask;
import io.weft.data.EmbeddedDigits;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.optimise.Adam;
import io.weft.order.GenerationOrder;
import io.weft.sample.Pixel;
import io.weft.sample.SampledImage;
import io.weft.score.EnsembleScores;
import io.weft.train.TrainingOptions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One set of weights for eight orders: scored under each, drawn in others, completing holes. */
class CompleteTest {

  private static final ImageSet DIGITS =
      EmbeddedDigits.count(32).size(8).levels(2).seed(1).grey().unlabelled();

  private static Model model;

  @BeforeAll
  static void train() {
    // region orders
    Definition digits =
        LocallyMaskedPixelCnn.builder(DIGITS.spec())
            .blocks(1)
            .maps(8)
            .orders(GenerationOrder.eight(GenerationOrder.hilbert(8, 8)))
            .build();
    // endregion
    model = Model.initial(digits, 1);
    model.train(
        Examples.of(DIGITS),
        TrainingOptions.seed(1).steps(10).optimiser(Adam.withRate(5e-3)).build());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void aHoleIsFilledInSeveralWays() {
    // region complete
    PixelMask hole = PixelMask.hole(DIGITS.spec(), 2, 3, 4, 3); // x, y, width, height
    KnownPixels torn = KnownPixels.of(DIGITS, 0, hole);
    List<SampledImage> ways = model.sampler(7).count(4).complete(torn).images().toList();
    // endregion
    for (SampledImage way : ways) {
      for (int p = 0; p < 64; p++) {
        if (hole.isKnown(p)) {
          assertEquals(DIGITS.level(0, p / 8, p % 8, 0), way.value(p / 8, p % 8, 0));
        }
      }
    }
    List<Pixel> drawn = model.sampler(7).complete(torn).pixels().toList();
    assertEquals(4 * 3, drawn.size());
    drawn.forEach(pixel -> assertTrue(!hole.isKnown(pixel.row(), pixel.column())));
  }

  @Test
  void whatWasThereIsAsLikelyAsItsDistributionsSay() {
    // region conditional
    PixelMask bottom = PixelMask.withoutHalf(DIGITS.spec(), Half.BOTTOM);
    double[] logs = model.conditionalLogLikelihoods(Examples.of(DIGITS.take(3)), image -> bottom);
    // endregion
    assertEquals(3, logs.length);
    for (double n : logs) {
      assertTrue(n < 0, "a log-likelihood, found " + n);
    }
  }

  @Test
  void masksOfAnyShapeAreChecked() {
    PixelMask chequers = PixelMask.of(8, 8, (row, column) -> (row + column) % 2 == 0);
    assertEquals(32, chequers.missing());
    PixelMask wrong = PixelMask.of(4, 4, (row, column) -> row == 0);
    assertThrows(IllegalArgumentException.class, () -> KnownPixels.of(DIGITS, 0, wrong));
  }

  @Test
  void anEnsembleIsNoWorseThanTheMeanOfItsOrders() {
    // region ensemble
    EnsembleScores scores = model.scoreEnsemble(Examples.of(DIGITS));
    double first = scores.under(0).meanNats();
    double together = scores.meanNats();
    // endregion
    assertEquals(8, scores.orders().size());
    double mean = 0;
    for (int i = 0; i < 8; i++) {
      mean += scores.under(i).meanNats() / 8;
    }
    assertTrue(together <= mean, together + " " + mean);
    assertEquals(first, model.score(Examples.of(DIGITS), scores.orders().get(0)).meanNats(), 1e-3);
  }

  @Test
  void anyOrderIsDrawnIn() {
    GenerationOrder random = GenerationOrder.random(8, 8, 5);
    List<Pixel> pixels = model.sampler(7).order(random).pixels().toList();
    for (int i = 0; i < 64; i++) {
      assertEquals(random.position(i), pixels.get(i).row() * 8 + pixels.get(i).column());
    }
  }
}
