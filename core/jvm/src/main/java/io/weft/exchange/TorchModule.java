package io.weft.exchange;

import io.weft.layer.CausalConvolution;
import io.weft.layer.Embedding;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import java.io.IOException;
import java.util.List;

/**
 * A module of a PyTorch network, under whose name the numbers of a layer lie: {@code NAME.weight},
 * {@code NAME.bias} and so on.
 *
 * @param name of the module, as in a state dictionary
 */
record TorchModule(String name) {

  /** What weight normalisation calls length and direction, in old networks and new ones. */
  private static final List<List<String>> NORMALISED =
      List.of(
          List.of("weight_g", "weight_v"),
          List.of("parametrizations.weight.original0", "parametrizations.weight.original1"));

  /** Returns the numbers of one of the layer's parameters. */
  Tensor of(ParameterPlace place, Taking taking) throws IOException {
    taking.passOver(name + ".num_batches_tracked");
    if (place.layer() instanceof Embedding) {
      return fitted(place, "weight", taking);
    }
    String parameter = place.parameter().name();
    boolean isNormalised =
        place.layer() instanceof ShiftedConvolution
            || place.layer() instanceof TransposedShiftedConvolution;
    return switch (parameter) {
      case "bias" -> fitted(place, "bias", taking);
      case "mean" -> fitted(place, "running_mean", taking);
      case "variance" -> fitted(place, "running_var", taking);
      case "kernel" -> kernel(place, taking);
      case "scale" -> isNormalised ? lengths(place, taking) : fitted(place, "weight", taking);
      case "direction" -> TorchLayout.fitted(place, direction(place, taking), taking);
      default ->
          throw new IllegalArgumentException(
              "PyTorch has no usual name for "
                  + place.inWords()
                  + "; give each parameter of "
                  + place.layerName()
                  + " by itself");
    };
  }

  private Tensor fitted(ParameterPlace place, String suffix, Taking taking) throws IOException {
    return TorchLayout.fitted(place, taking.read(name + "." + suffix), taking);
  }

  private Tensor kernel(ParameterPlace place, Taking taking) throws IOException {
    String mask = name + ".mask";
    if (place.layer() instanceof CausalConvolution causal && taking.has(mask)) {
      TorchLayout.checkMask(place, causal, mask, taking.read(mask));
    }
    return TorchLayout.fitted(place, weight(taking), taking);
  }

  /** The weights as they are multiplied with, whether they are normalised or not. */
  private Tensor weight(Taking taking) throws IOException {
    for (List<String> pair : NORMALISED) {
      String length = name + "." + pair.get(0);
      if (taking.has(length)) {
        return taking.read(name + "." + pair.get(1)).withLengths(taking.read(length));
      }
    }
    return taking.read(name + ".weight");
  }

  /** Where PyTorch normalises as Weft does, for each output map, V is V; else it is the weights. */
  private Tensor direction(ParameterPlace place, Taking taking) throws IOException {
    if (place.layer() instanceof ShiftedConvolution) {
      for (List<String> pair : NORMALISED) {
        if (taking.has(name + "." + pair.get(0))) {
          return taking.read(name + "." + pair.get(1));
        }
      }
    }
    return weight(taking);
  }

  private Tensor lengths(ParameterPlace place, Taking taking) throws IOException {
    if (place.layer() instanceof ShiftedConvolution) {
      for (List<String> pair : NORMALISED) {
        if (taking.has(name + "." + pair.get(0))) {
          return fitted(place, pair.get(0), taking);
        }
      }
    }
    Tensor weight = weight(taking);
    int out = place.parameter().size();
    int axis = place.layer() instanceof ShiftedConvolution ? 0 : 1;
    if (weight.dimensions().size() != 4 || weight.dimensions().get(axis) != out) {
      return TorchLayout.fitted(place, weight, taking);
    }
    float[] columns =
        (axis == 0 ? weight.transposed(1, 2, 3, 0) : weight.transposed(0, 2, 3, 1)).shared();
    double[] squares = new double[out];
    for (int i = 0; i < columns.length; i++) {
      squares[i % out] += (double) columns[i] * columns[i];
    }
    float[] lengths = new float[out];
    for (int o = 0; o < out; o++) {
      lengths[o] = (float) StrictMath.sqrt(squares[o]);
    }
    return Tensor.taking(List.of(out), lengths);
  }
}
