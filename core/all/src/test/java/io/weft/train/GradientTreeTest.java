package io.weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weft.engine.Gradient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One sum, whatever comes first and whoever has added a part of it already. */
class GradientTreeTest {

  /** The same ones each time, but new: what adds them up takes them over. */
  private static List<Gradient> gradients(int count) {
    Random random = new Random(count);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              float[] values = new float[5];
              for (int k = 0; k < values.length; k++) {
                values[k] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8)));
              }
              return new Gradient(random.nextGaussian(), values);
            })
        .toList();
  }

  private static Gradient sum(List<Gradient> parts) {
    GradientTree tree = new GradientTree(parts.size());
    IntStream.range(0, parts.size()).forEach(i -> tree.add(i, parts.get(i)));
    return tree.sum();
  }

  private static void assertSame(Gradient expected, Gradient found) {
    assertEquals(expected.nats(), found.nats());
    assertArrayEquals(expected.values(), found.values());
  }

  @Test
  void pairsOfNeighboursAreAddedFirst() {
    List<Gradient> g = gradients(7);
    Gradient expected =
        g.get(0)
            .plus(g.get(1))
            .plus(g.get(2).plus(g.get(3)))
            .plus(g.get(4).plus(g.get(5)).plus(g.get(6)));
    assertSame(expected, sum(gradients(7)));
    assertSame(gradients(1).get(0), sum(gradients(1)));
  }

  @Test
  void whichComesFirstMakesNoDifference() {
    for (int count : new int[] {1, 2, 3, 8, 13, 31}) {
      Gradient expected = sum(gradients(count));
      List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
      for (int round = 0; round < 20; round++) {
        Collections.shuffle(order, new Random(round));
        List<Gradient> parts = gradients(count);
        GradientTree tree = new GradientTree(count);
        order.forEach(i -> tree.add(i, parts.get(i)));
        assertSame(expected, tree.sum());
      }
    }
  }

  @Test
  void aPartMayBeAddedElsewhere() {
    for (int count : new int[] {1, 5, 8, 13}) {
      Gradient expected = sum(gradients(count));
      for (int level = 0; level < 5; level++) {
        GradientTree tree = new GradientTree(count);
        int size = 1 << level;
        List<Gradient> parts = gradients(count);
        for (int from = 0; from < count; from += size) {
          tree.add(level, from / size, sum(parts.subList(from, Math.min(count, from + size))));
        }
        assertSame(expected, tree.sum());
      }
    }
  }

  @Test
  void manyThreadsAddUpToTheSame() {
    List<Gradient> parts = gradients(500);
    Gradient expected = sum(gradients(500));
    GradientTree tree = new GradientTree(parts.size());
    IntStream.range(0, parts.size()).parallel().forEach(i -> tree.add(i, parts.get(i)));
    assertSame(expected, tree.sum());
  }

  @Test
  void refusesWhatIsMissingAndWhatThereIsNot() {
    List<Gradient> parts = gradients(2);
    GradientTree tree = new GradientTree(3);
    tree.add(0, parts.get(0));
    tree.add(2, parts.get(1));
    assertThrows(IllegalStateException.class, tree::sum);
    assertThrows(IllegalArgumentException.class, () -> tree.add(3, parts.get(0)));
    assertThrows(IllegalArgumentException.class, () -> tree.add(1, 2, parts.get(0)));
    assertThrows(IllegalArgumentException.class, () -> new GradientTree(0));
  }
}
