package io.weft.model;

import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;

/** How the vertical stack of Gated PixelCNN reads the rows above. */
public enum VerticalForm {
  /** One n x n convolution (Gated PixelCNN, section 2.2). */
  SQUARE {
    @Override
    Feature over(Feature rows, int maps, int kernel) {
      return rows.apply("vertical", CausalConvolution.vertical(maps, kernel, kernel, MaskType.B));
    }
  },
  /** 1 x n, then n x 1 (Reed et al. 2017, arXiv 1703.03664): the same reach for less work. */
  FACTORED {
    @Override
    Feature over(Feature rows, int maps, int kernel) {
      return rows.factoredVerticalConv(maps, kernel);
    }
  };

  /** Returns the convolution of {@code rows} to {@code maps} maps; row i of it has seen row i. */
  abstract Feature over(Feature rows, int maps, int kernel);
}
