package io.weft.prove;

import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the proof knows of a model, for people: what the distributions of one pixel see and miss,
 * and which layers serve nobody. (A condition that nobody reads does not build at all.)
 *
 * @param row the row of the pixel that the report is about
 * @param column its column
 * @param blindSpots for each colour channel what is missed, and with it what is seen
 * @param deadBranches the full names of layers that reach no output, in the order of declaration
 */
public record DefinitionReport(
    int row, int column, List<BlindSpot> blindSpots, List<String> deadBranches) {

  /** Freezes the lists. */
  public DefinitionReport {
    blindSpots = List.copyOf(blindSpots);
    deadBranches = List.copyOf(deadBranches);
  }

  /** Returns the report at the pixel in the middle, where borders matter least. */
  public static DefinitionReport of(CausalityProof proof) {
    ImageSpec image = proof.graph().image();
    return at(proof, image.height() / 2, image.width() / 2);
  }

  /**
   * Returns the report at a pixel.
   *
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public static DefinitionReport at(CausalityProof proof, int row, int column) {
    return new DefinitionReport(
        row,
        column,
        IntStream.range(0, proof.graph().image().channels())
            .mapToObj(channel -> BlindSpot.of(proof, row, column, channel))
            .toList(),
        dead(proof.graph()));
  }

  private static List<String> dead(LayerGraph graph) {
    boolean[] live = graph.live();
    List<String> dead = new ArrayList<>();
    for (int i = 0; i < live.length; i++) {
      if (!live[i] && graph.nodes().get(i) instanceof Node.Applied applied) {
        dead.add(applied.name());
      }
    }
    return dead;
  }
}
