package io.weft.testing;

import io.weft.expression.Shape;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.ConvolutionForm;
import io.weft.layer.MaskType;
import io.weft.layer.Support;
import java.util.ArrayList;
import java.util.List;

/** Causal convolutions of every kind, and the grids that they are tried on. */
public final class Convolutions {

  private static final ColourGroups RGB = ColourGroups.of(3);

  private Convolutions() {}

  /** Square, wide, high, a single row, column and pixel: some smaller than the kernels. */
  public static List<Shape> grids() {
    return List.of(
        new Shape(5, 5, 1),
        new Shape(4, 7, 1),
        new Shape(8, 3, 1),
        new Shape(1, 6, 1),
        new Shape(6, 1, 1),
        new Shape(2, 2, 1),
        new Shape(1, 1, 1));
  }

  /** Two of the grids, others for every number. */
  public static List<Shape> grids(int number) {
    List<Shape> all = grids();
    return List.of(all.get(number % all.size()), all.get((number + 3) % all.size()));
  }

  public static List<CausalConvolution> all() {
    List<CausalConvolution> all = new ArrayList<>();
    int[][] kernels = {{1, 1}, {3, 3}, {5, 5}, {7, 7}, {1, 3}, {1, 7}, {3, 1}, {5, 3}, {3, 7}};
    for (Support support : Support.values()) {
      for (MaskType type : MaskType.values()) {
        for (int[] kernel : kernels) {
          for (int dilation = 1; dilation <= 3; dilation++) {
            for (ColourGroups colours : List.of(ColourGroups.none(), RGB.withOutputParts(2))) {
              if (fits(support, type, kernel, colours)) {
                all.add(
                    new CausalConvolution(
                        colours.isNone() ? 2 : 6,
                        kernel[0],
                        kernel[1],
                        dilation,
                        type,
                        support,
                        colours,
                        ConvolutionForm.SHIFTED));
              }
            }
          }
        }
      }
    }
    return all;
  }

  private static boolean fits(Support support, MaskType type, int[] kernel, ColourGroups colours) {
    boolean above = kernel[0] > 1;
    boolean beside = kernel[1] > 1;
    return switch (support) {
      case HORIZONTAL -> !above && (type == MaskType.B || beside || !colours.isNone());
      case VERTICAL -> type == MaskType.B || above;
      case FULL -> type == MaskType.B || above || beside || !colours.isNone();
    };
  }

  public static Shape input(CausalConvolution layer, Shape grid) {
    return grid.withMaps(layer.colours().isNone() ? 2 : 3);
  }
}
