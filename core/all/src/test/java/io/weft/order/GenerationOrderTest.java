package io.weft.order;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders are permutations with the shapes that their names say. */
class GenerationOrderTest {

  private static void isPermutation(GenerationOrder order) {
    assertArrayEquals(
        IntStream.range(0, order.pixels()).toArray(),
        Arrays.stream(order.positions()).sorted().toArray(),
        order.toString());
    for (int rank = 0; rank < order.pixels(); rank++) {
      assertEquals(rank, order.rank(order.position(rank)));
    }
  }

  /** How many pixels are not next to the one before. */
  private static int jumps(GenerationOrder order) {
    int jumps = 0;
    for (int i = 1; i < order.pixels(); i++) {
      int from = order.position(i - 1);
      int to = order.position(i);
      int distance =
          Math.abs(from / order.width() - to / order.width())
              + Math.abs(from % order.width() - to % order.width());
      jumps += distance > 1 ? 1 : 0;
    }
    return jumps;
  }

  @Test
  void rasterGoesAlongRows() {
    GenerationOrder order = GenerationOrder.raster(2, 3);
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, order.positions());
    assertTrue(order.isRaster());
    assertArrayEquals(new int[] {0, 3, 1, 4, 2, 5}, order.transpose().positions());
    assertArrayEquals(new int[] {3, 4, 5, 0, 1, 2}, order.flipRows().positions());
    assertArrayEquals(new int[] {2, 1, 0, 5, 4, 3}, order.flipColumns().positions());
    assertArrayEquals(new int[] {5, 4, 3, 2, 1, 0}, order.rotate180().positions());
    assertFalse(order.rotate180().isRaster());
  }

  @Test
  void theSCurveTurnsAtTheEndOfARow() {
    assertArrayEquals(
        new int[] {0, 1, 2, 5, 4, 3, 6, 7, 8}, GenerationOrder.sCurve(3, 3).positions());
    assertEquals(0, jumps(GenerationOrder.sCurve(7, 5)));
  }

  @Test
  void hilbertsCurveOfAPowerOfTwoIsHilberts() {
    assertArrayEquals(
        new int[] {0, 4, 5, 1, 2, 3, 7, 6, 10, 11, 15, 14, 13, 9, 8, 12},
        GenerationOrder.hilbert(4, 4).transpose().positions());
  }

  @Test
  void hilbertsCurveGoesFromNeighbourToNeighbourAtEverySize() {
    for (int height = 1; height <= 33; height++) {
      for (int width = 1; width <= 33; width++) {
        GenerationOrder order = GenerationOrder.hilbert(height, width);
        isPermutation(order);
        assertEquals(0, jumps(order), order.toString());
      }
    }
    assertEquals(0, jumps(GenerationOrder.hilbert(97, 64)));
  }

  /** A square block of the curve is filled before it leaves: that is what it is for. */
  @Test
  void hilbertsCurveFillsOneQuarterBeforeTheNext() {
    GenerationOrder order = GenerationOrder.hilbert(16, 16);
    for (int quarter = 0; quarter < 4; quarter++) {
      Set<Integer> met =
          IntStream.range(quarter * 64, quarter * 64 + 64)
              .map(order::position)
              .mapToObj(p -> p / 16 / 8 * 2 + p % 16 / 8)
              .collect(Collectors.toSet());
      assertEquals(1, met.size());
    }
  }

  @Test
  void randomOrdersFollowFromTheSeed() {
    assertEquals(GenerationOrder.random(5, 4, 7), GenerationOrder.random(5, 4, 7));
    assertNotEquals(GenerationOrder.random(5, 4, 7), GenerationOrder.random(5, 4, 8));
    isPermutation(GenerationOrder.random(9, 10, -3));
  }

  @Test
  void transformsAreTheSymmetriesOfTheSquare() {
    for (String name : List.of("raster", "s-curve", "hilbert", "random:5")) {
      for (int[] size : new int[][] {{4, 4}, {5, 5}, {3, 6}, {1, 4}, {1, 1}}) {
        GenerationOrder order = GenerationOrder.named(name, size[0], size[1]);
        assertEquals(order, order.flipRows().flipRows());
        assertEquals(order, order.flipColumns().flipColumns());
        assertEquals(order, order.transpose().transpose());
        assertEquals(order.rotate180(), order.flipRows().flipColumns());
        assertEquals(order.rotate180(), order.flipColumns().flipRows());
        assertEquals(order.transpose().flipColumns(), order.flipRows().transpose());
        assertEquals(order.transpose().flipRows(), order.flipColumns().transpose());
        GenerationOrder.eight(order).forEach(GenerationOrderTest::isPermutation);
      }
    }
  }

  @Test
  void transposingExchangesRowsAndColumns() {
    GenerationOrder order = GenerationOrder.random(4, 4, 1);
    for (int rank = 0; rank < order.pixels(); rank++) {
      int position = order.position(rank);
      assertEquals(position % 4 * 4 + position / 4, order.transpose().position(rank));
    }
    // Not square: the curve of the image on its side.
    GenerationOrder wide = GenerationOrder.hilbert(3, 8);
    GenerationOrder high = GenerationOrder.hilbert(8, 3);
    for (int rank = 0; rank < wide.pixels(); rank++) {
      int position = high.position(rank);
      assertEquals(position % 3 * 8 + position / 3, wide.transpose().position(rank));
    }
  }

  @Test
  void theEightAreDifferentAndBeginWithTheirBase() {
    for (String name : List.of("raster", "s-curve", "hilbert", "random:5")) {
      GenerationOrder base = GenerationOrder.named(name, 6, 6);
      List<GenerationOrder> eight = GenerationOrder.eight(base);
      assertEquals(8, eight.stream().distinct().count(), name);
      assertEquals(base, eight.get(0));
    }
    assertEquals(2, GenerationOrder.eight(GenerationOrder.raster(1, 5)).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "raster",
        "s-curve",
        "hilbert",
        "random:-12",
        "s-curve+transpose",
        "hilbert+transpose+flip-rows",
        "random:3+rotate180"
      })
  void namesAreReadBack(String name) {
    GenerationOrder order = GenerationOrder.named(name, 5, 6);
    assertEquals(Optional.of(name), order.name());
    assertEquals(order, GenerationOrder.named(order.name().orElseThrow(), 5, 6));
  }

  @Test
  void transformsHaveOneName() {
    assertEquals(
        GenerationOrder.named("hilbert+flip-rows+transpose", 4, 4),
        GenerationOrder.named("hilbert+transpose+flip-columns", 4, 4));
    assertEquals(
        Optional.of("hilbert+transpose+flip-columns"),
        GenerationOrder.named("hilbert+flip-rows+transpose", 4, 4).name());
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "snake,snake",
    "Raster,Raster",
    "raster+turn,turn",
    "random,random",
    "random:x,random:x",
    "raster+,''",
    "raster +flip-rows,'raster '"
  })
  void unknownNamesAreRefused(String name, String part) {
    var e = assertThrows(IllegalArgumentException.class, () -> GenerationOrder.named(name, 4, 4));
    assertTrue(e.getMessage().contains("\"" + part + "\""), e.getMessage());
    assertTrue(e.getMessage().contains("s-curve, hilbert or random:SEED"), e.getMessage());
  }

  @Test
  void permutationsAreTakenAsTheyAre() {
    int[] positions = {3, 0, 1, 2};
    GenerationOrder order = GenerationOrder.of(2, 2, positions);
    positions[0] = 0;
    assertArrayEquals(new int[] {3, 0, 1, 2}, order.positions());
    assertEquals(Optional.empty(), order.name());
    assertEquals(Optional.empty(), order.flipRows().name());
    assertEquals(GenerationOrder.raster(2, 2), GenerationOrder.of(2, 2, 0, 1, 2, 3));
    assertTrue(GenerationOrder.of(2, 2, 0, 1, 2, 3).isRaster());
    order.positions()[0] = 1;
    assertEquals(3, order.position(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0,1,2|has 4 positions, found 3; name every pixel once",
        "0,1,2,3,3|has 4 positions, found 5; name every pixel once",
        "0,1,2,4|has positions from 0 to 3 (row x 2 + column), found 4 as number 3",
        "0,-1,2,3|has positions from 0 to 3 (row x 2 + column), found -1 as number 1",
        "0,2,1,2|names every pixel once, but (1, 0) is number 1 and number 3"
      })
  void wrongPermutationsAreRefused(String positions, String message) {
    int[] parsed = Arrays.stream(positions.split(",")).mapToInt(Integer::parseInt).toArray();
    var e = assertThrows(IllegalArgumentException.class, () -> GenerationOrder.of(2, 2, parsed));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void aPermutationThatIsNotSquareHasNoTranspose() {
    GenerationOrder order = GenerationOrder.of(1, 3, 2, 0, 1);
    var e = assertThrows(IllegalArgumentException.class, order::transpose);
    assertTrue(e.getMessage().contains("has no transpose"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> GenerationOrder.eight(order));
    assertArrayEquals(new int[] {0, 2, 1}, order.flipColumns().positions());
  }

  @Test
  void sizesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> GenerationOrder.raster(0, 3));
    assertThrows(IllegalArgumentException.class, () -> GenerationOrder.hilbert(3, 5000));
    assertThrows(IllegalArgumentException.class, () -> GenerationOrder.of(-1, -1, 0));
  }
}
