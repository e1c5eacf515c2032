package io.weft.exchange;

import io.weft.weight.Weights;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The weights that a model takes from a file.
 *
 * @param weights of all parameters
 * @param leftOut the names of the file's arrays that no parameter takes: those that the mapping
 *     leaves out, and counters of PyTorch's batch normalisation
 * @param masked how many numbers other than 0 a kernel of the file has where the layer reads
 *     nothing, by the parameter's full name: a masked convolution of PyTorch multiplies them by 0,
 *     in Weft they do not exist
 */
public record ImportedWeights(Weights weights, List<String> leftOut, Map<String, Integer> masked) {
  /** Freezes the lists. */
  public ImportedWeights {
    Objects.requireNonNull(weights, "weights");
    leftOut = List.copyOf(leftOut);
    masked = Map.copyOf(masked);
  }
}
