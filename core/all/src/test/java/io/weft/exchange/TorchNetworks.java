package io.weft.exchange;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.layer.BatchNormalisation;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.model.GatedPixelCnn.Stacks;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Two networks that were written in PyTorch, declared again. */
final class TorchNetworks {

  /**
   * A network and where its weights are.
   *
   * @param name of the files
   * @param definition as Weft has it
   * @param mapping with "@" for what the names of a file begin with
   */
  record Network(String name, Definition definition, String mapping) {
    WeightMapping from(String prefix) {
      return WeightMapping.parse(mapping.replace("@", prefix));
    }
  }

  private TorchNetworks() {}

  private static String said(String format, Object... parts) {
    return String.format(Locale.ROOT, format, parts);
  }

  /**
   * Gated PixelCNN.
   *
   * @param maps of each stack
   * @param blocks with the first
   */
  static Network gated(ImageSpec image, int maps, int blocks, int classes) {
    ModelBuilder model = ModelBuilder.of("gated", image);
    Feature digit = model.classCondition("class", classes);
    StringBuilder mapping = new StringBuilder();
    List<Feature> skips = new ArrayList<>();
    Stacks stacks = Stacks.of(model.image());
    for (int i = 0; i < blocks; i++) {
      MaskType type = i == 0 ? MaskType.A : MaskType.B;
      int kernel = i == 0 ? 7 : 3;
      boolean isLast = i == blocks - 1;
      Stacks from = stacks;
      stacks =
          model.block(
              "block" + i,
              () -> {
                Feature v =
                    from.vertical()
                        .apply("v", CausalConvolution.vertical(2 * maps, kernel, kernel, type));
                Feature h =
                    from.horizontal()
                        .apply("h", CausalConvolution.horizontal(2 * maps, kernel, type))
                        .plus(v.apply("v2h", Pointwise.of(2 * maps)))
                        .plus(digit.apply("h-class", Pointwise.of(2 * maps).withoutBias()))
                        .gate();
                skips.add(h.apply("skip", Pointwise.of(maps)));
                if (isLast) {
                  return from;
                }
                Feature given =
                    v.plus(digit.apply("v-class", Pointwise.of(2 * maps).withoutBias()));
                Feature out = h.apply("res", Pointwise.of(maps));
                return new Stacks(
                    given.gate(), type == MaskType.A ? out : out.plus(from.horizontal()));
              });
      String theirs = "@blocks." + i + ".";
      List<String> layers =
          isLast ? List.of("v", "h", "v2h", "skip") : List.of("v", "h", "v2h", "skip", "res");
      for (String layer : layers) {
        mapping.append(said("block%d/%s = torch(%s%s)\n", i, layer, theirs, layer));
      }
      if (!isLast) {
        mapping.append(
            said("block%d/v-class/kernel = %scond.weight[:, 0:%d]\n", i, theirs, 2 * maps));
      }
      mapping.append(
          said(
              "block%d/h-class/kernel = %scond.weight[:, %d:%d]\n", i, theirs, 2 * maps, 4 * maps));
    }
    Feature head =
        Feature.sum(skips)
            .relu()
            .apply("o1", Pointwise.of(maps))
            .relu()
            .apply("o2", Pointwise.of(image.levels()));
    mapping.append("o1 = torch(@o1)\no2 = torch(@o2)\n");
    mapping.append("# nothing reads the last block's stacks\n");
    mapping.append(said("leave out @blocks.%d.res.*\n", blocks - 1));
    return new Network("gated", model.softmax(head), mapping.toString());
  }

  private static BatchNormalisation norm() {
    return new BatchNormalisation(0.9, 1e-5);
  }

  /**
   * A PixelCNN of masked residual blocks with batch normalisation.
   *
   * @param maps h within the blocks
   */
  static Network masked(ImageSpec image, int maps, int... dilations) {
    ModelBuilder model = ModelBuilder.of("masked", image);
    Feature x =
        model
            .image()
            .apply("first", CausalConvolution.square(2 * maps, 7, MaskType.A))
            .apply("first-norm", norm())
            .relu();
    StringBuilder mapping =
        new StringBuilder("first = torch(@net.0)\nfirst-norm = torch(@net.1)\n");
    for (int i = 0; i < dilations.length; i++) {
      Feature in = x;
      int dilation = dilations[i];
      x =
          model.block(
              "block" + i,
              () ->
                  in.apply("down", Pointwise.of(maps))
                      .apply("down-norm", norm())
                      .relu()
                      .apply(
                          "middle",
                          CausalConvolution.square(maps, 3, MaskType.B).withDilation(dilation))
                      .apply("middle-norm", norm())
                      .relu()
                      .apply("up", Pointwise.of(2 * maps))
                      .apply("up-norm", norm())
                      .relu()
                      .plus(in));
      List<String> layers =
          List.of("down", "down-norm", "", "middle", "middle-norm", "", "up", "up-norm");
      for (int k = 0; k < layers.size(); k++) {
        if (!layers.get(k).isEmpty()) {
          mapping.append(said("block%d/%s = torch(@net.%d.net.%d)\n", i, layers.get(k), i + 3, k));
        }
      }
    }
    int next = dilations.length + 3;
    Feature head =
        x.apply("last", Pointwise.of(2 * maps))
            .apply("last-norm", norm())
            .relu()
            .apply("logits", Pointwise.of(image.levels()));
    mapping.append(
        said(
            "last = torch(@net.%d)\nlast-norm = torch(@net.%d)\nlogits = torch(@net.%d)\n",
            next, next + 1, next + 3));
    return new Network("seed", model.softmax(head), mapping.toString());
  }
}
