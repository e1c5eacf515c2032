package io.weft.exchange;

import io.weft.expression.Connectivity;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Convolution;
import io.weft.layer.Embedding;
import io.weft.layer.KernelPlace;
import io.weft.layer.Layer;
import io.weft.layer.Pointwise;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.TransposedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * From the arrangement that PyTorch keeps a layer's numbers in to Weft's: kernels of convolutions
 * are [out, in, rows, columns] there, of transposed ones [in, out, rows, columns], matrices [out,
 * in].
 */
final class TorchLayout {

  private static final int UNREAD = -1;

  private TorchLayout() {}

  /**
   * Returns the numbers of a parameter.
   *
   * @param torch as PyTorch has them
   * @param taking hears how many numbers are dropped
   * @throws IllegalArgumentException if they do not fit the layer
   */
  static Tensor fitted(ParameterPlace place, Tensor torch, Taking taking) {
    Layer layer = place.layer();
    List<Integer> wanted = place.parameter().dimensions();
    if (wanted.size() == 1) {
      return checked(place, torch, vector(torch));
    }
    if (layer instanceof CausalConvolution causal) {
      return checked(place, torch, causal(place, causal, torch, taking));
    }
    if (layer instanceof Pointwise) {
      return checked(place, torch, matrix(torch));
    }
    if (layer instanceof Convolution convolution) {
      int taps = convolution.kernelHeight() * convolution.kernelWidth();
      return checked(place, torch, kernel(torch, 2, 3, 1, 0), taps);
    }
    if (layer instanceof TransposedConvolution transposed) {
      int taps = transposed.kernel() * transposed.kernel();
      return checked(place, torch, kernel(torch, 2, 3, 0, 1), taps);
    }
    if (layer instanceof ShiftedConvolution) {
      return checked(place, torch, kernel(torch, 2, 3, 1, 0));
    }
    if (layer instanceof TransposedShiftedConvolution) {
      return checked(place, torch, kernel(torch, 2, 3, 0, 1));
    }
    if (layer instanceof Embedding) {
      return checked(place, torch, torch);
    }
    throw new IllegalArgumentException(
        "PyTorch has no arrangement of its own for "
            + place.inWords()
            + " of "
            + layer.label()
            + "; give the array in that of Weft");
  }

  private static Tensor vector(Tensor torch) {
    long longer = torch.dimensions().stream().filter(size -> size != 1).count();
    return longer <= 1 ? torch.reshaped(List.of(torch.size())) : torch;
  }

  private static Tensor matrix(Tensor torch) {
    List<Integer> sizes = torch.dimensions();
    boolean isOne =
        sizes.size() > 2 && sizes.subList(2, sizes.size()).stream().allMatch(n -> n == 1);
    Tensor matrix = isOne ? torch.reshaped(sizes.subList(0, 2)) : torch;
    return matrix.dimensions().size() == 2 ? matrix.transposed(1, 0) : torch;
  }

  private static Tensor kernel(Tensor torch, int... axes) {
    return torch.dimensions().size() == axes.length ? torch.transposed(axes) : torch;
  }

  private static Tensor checked(ParameterPlace place, Tensor torch, Tensor fitted) {
    if (!fitted.dimensions().equals(place.parameter().dimensions())) {
      throw misfit(place, torch);
    }
    return fitted;
  }

  /** Checks a kernel whose rows and columns are taps in raster order. */
  private static Tensor checked(ParameterPlace place, Tensor torch, Tensor kernel, int taps) {
    List<Integer> sizes = kernel.dimensions();
    if (sizes.size() != 4 || sizes.get(0) * sizes.get(1) != taps) {
      throw misfit(place, torch);
    }
    return checked(place, torch, kernel.reshaped(List.of(taps, sizes.get(2), sizes.get(3))));
  }

  private static IllegalArgumentException misfit(ParameterPlace place, Tensor torch) {
    return new IllegalArgumentException(
        place.inWords()
            + " of "
            + place.layer().summary()
            + " is not made of an array of "
            + torch
            + " in PyTorch's arrangement ([out, in, rows, columns] of a convolution, [out, in] of"
            + " a matrix)");
  }

  /**
   * The taps that have weights, from a kernel with all rows and columns, or one that was cut to
   * those that are read; 0 where the layer has a tap, but not between these maps.
   */
  private static Tensor causal(
      ParameterPlace place, CausalConvolution layer, Tensor torch, Taking taking) {
    int in = place.inputs().only().maps();
    List<Integer> sizes = torch.dimensions();
    if (sizes.size() != 4 || !sizes.subList(0, 2).equals(List.of(layer.maps(), in))) {
      throw misfit(place, torch);
    }
    Box box = box(place, layer, torch);
    int[] read = read(place, layer, box);
    float[] from = torch.shared();
    float[] kernel = new float[box.places().size() * in * layer.maps()];
    int masked = 0;
    for (int entry = 0; entry < from.length; entry++) {
      if (read[entry] != UNREAD) {
        kernel[read[entry]] = from[entry];
      } else if (from[entry] != 0) {
        masked++;
      }
    }
    taking.addMasked(masked);
    return Tensor.taking(List.of(box.places().size(), in, layer.maps()), kernel);
  }

  /**
   * Returns, for each entry of a kernel [out, in, rows, columns], which number of Weft's [taps, in,
   * out] it is, or {@link #UNREAD}: what no tap reads, and what a tap does not between two maps,
   * for they belong to colour channels.
   */
  private static int[] read(ParameterPlace place, CausalConvolution layer, Box box) {
    Connectivity connectivity = layer.connectivity(place.inputs());
    int in = place.inputs().only().maps();
    int out = layer.maps();
    int area = box.rows() * box.columns();
    int[] read = new int[out * in * area];
    Arrays.fill(read, UNREAD);
    for (int tap = 0; tap < box.places().size(); tap++) {
      int at = box.at(box.places().get(tap));
      for (int i = 0; i < in; i++) {
        int row = tap * in + i;
        for (int o = 0; o < out; o++) {
          if (connectivity.connected(row, o)) {
            read[(o * in + i) * area + at] = row * out + o;
          }
        }
      }
    }
    return read;
  }

  /**
   * Checks that a network's own mask keeps just what the layer reads.
   *
   * @param mask 0 where nothing is read, [out, in, rows, columns]; with 1 for out or in, the same
   *     for all
   * @throws IllegalArgumentException if it keeps something else
   */
  static void checkMask(ParameterPlace place, CausalConvolution layer, String name, Tensor mask) {
    int in = place.inputs().only().maps();
    List<Integer> sizes = mask.dimensions();
    if (sizes.size() != 4 || !isOneOr(layer.maps(), sizes.get(0)) || !isOneOr(in, sizes.get(1))) {
      throw misfit(place, mask);
    }
    Box box = box(place, layer, mask);
    int area = box.rows() * box.columns();
    int[] read = read(place, layer, box);
    float[] values = mask.shared();
    for (int entry = 0; entry < read.length; entry++) {
      int output = entry / area / in;
      int input = entry / area % in;
      int maps = output % sizes.get(0) * sizes.get(1) + input % sizes.get(1);
      boolean isKept = values[maps * area + entry % area] != 0;
      if (isKept == (read[entry] == UNREAD)) {
        throw otherMask(place, name, box, entry % area, input, output, isKept);
      }
    }
  }

  private static boolean isOneOr(int maps, int size) {
    return size == 1 || size == maps;
  }

  private static IllegalArgumentException otherMask(
      ParameterPlace place, String name, Box box, int at, int input, int output, boolean isKept) {
    return new IllegalArgumentException(
        place.layerName()
            + " ("
            + place.layer().summary()
            + ") is not the layer that "
            + name
            + " masks: of row "
            + at / box.columns()
            + " and column "
            + at % box.columns()
            + " of the kernel it reads "
            + (isKept ? "nothing of " : "")
            + "input map "
            + input
            + " for output map "
            + output
            + ", which the mask "
            + (isKept ? "keeps" : "hides")
            + "; declare it with the other type, or other colour groups (map c belongs to channel c"
            + " mod channels)");
  }

  /**
   * A kernel's rows and columns, and what of them is read.
   *
   * @param top the first row's distance from the own position, in taps
   * @param left the first column's
   */
  private record Box(
      List<KernelPlace> places, int dilation, int top, int left, int rows, int columns) {
    int at(KernelPlace place) {
      return (place.row() / dilation - top) * columns + place.column() / dilation - left;
    }
  }

  private static Box box(ParameterPlace place, CausalConvolution layer, Tensor torch) {
    List<Integer> sizes = torch.dimensions();
    int rows = sizes.get(2);
    int columns = sizes.get(3);
    List<KernelPlace> places = layer.places(place.inputs());
    int dilation = layer.dilation();
    if (rows == layer.kernelHeight() && columns == layer.kernelWidth()) {
      return new Box(places, dilation, -(rows / 2), -(columns / 2), rows, columns);
    }
    int top = least(places, KernelPlace::row) / dilation;
    int left = least(places, KernelPlace::column) / dilation;
    int bottom = -least(places, p -> -p.row()) / dilation;
    int right = -least(places, p -> -p.column()) / dilation;
    if (rows != bottom - top + 1 || columns != right - left + 1) {
      throw misfit(place, torch);
    }
    return new Box(places, dilation, top, left, rows, columns);
  }

  private static int least(List<KernelPlace> places, ToIntFunction<KernelPlace> number) {
    return places.stream().mapToInt(number).min().orElse(0);
  }
}
