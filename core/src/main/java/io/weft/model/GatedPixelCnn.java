package io.weft.model;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import java.util.ArrayList;
import java.util.List;

/**
 * Gated PixelCNN (van den Oord et al. 2016, arXiv 1606.05328) as functions of features: two stacks
 * without a blind spot, gates, conditions in every gate, skips summed into the head.
 */
public final class GatedPixelCnn {

  private GatedPixelCnn() {}

  /**
   * The two stacks between blocks.
   *
   * @param vertical has seen all rows down to and with its own
   * @param horizontal has seen the rows above, and the own row as far as the mask lets it
   */
  public record Stacks(Feature vertical, Feature horizontal) {}

  /**
   * What a block gives.
   *
   * @param stacks the stacks for the next block
   * @param skip the block's share of what the head reads
   */
  public record Block(Stacks stacks, Feature skip) {}

  /**
   * One block (figure 2 of the paper). The vertical stack is linked to the horizontal one before
   * its gate, and moved down one row on that link only: moving the stack itself in every layer
   * would bring the blind spot back.
   *
   * @param model the model under construction
   * @param in the stacks; for the first block the image twice
   * @param maps maps p of the block, at least the number of colour channels
   * @param kernel size n of the n x n vertical and 1 x n horizontal kernels, odd
   * @param type type A for the block that reads the image (which then has no residual), else B
   * @param conditions what the gates of both stacks are conditioned on
   */
  public static Block block(
      ModelBuilder model,
      Stacks in,
      int maps,
      int kernel,
      MaskType type,
      List<Feature> conditions) {
    ColourGroups colours = ColourGroups.of(model.imageSpec().channels());
    return model.block(
        "block",
        () -> {
          Feature above =
              conditioned(
                  in.vertical()
                      .apply(
                          "vertical",
                          CausalConvolution.vertical(2 * maps, kernel, kernel, MaskType.B)),
                  conditions);
          Feature link = above.shiftDown(1).apply("link", Pointwise.of(2 * maps).withoutBias());
          Feature beside =
              in.horizontal()
                  .apply(
                      "horizontal",
                      CausalConvolution.horizontal(2 * maps, kernel, type)
                          .withColours(colours.withOutputParts(2)));
          Feature gated = conditioned(beside.plus(link), conditions).gate();
          Feature out = gated.apply("out", Pointwise.of(maps).withColours(colours));
          return new Block(
              new Stacks(above.gate(), type == MaskType.A ? out : out.plus(in.horizontal())),
              gated.apply("skip", Pointwise.of(maps).withColours(colours)));
        });
  }

  /** Returns {@code feature} plus a projection of each condition. */
  private static Feature conditioned(Feature feature, List<Feature> conditions) {
    Feature result = feature;
    for (Feature condition : conditions) {
      result = result.conditionedOn(condition);
    }
    return result;
  }

  /**
   * Returns the logits of a whole network: a first block with a 7 x 7 kernel of type A, {@code
   * blocks} further ones of type B, and the head (ReLU, 1x1, ReLU, 1x1) over the sum of the skips.
   *
   * @param model the model under construction
   * @param blocks blocks after the first, at least 1
   * @param maps maps of every block
   * @param kernel kernel of the blocks after the first, odd
   * @param distribution what the logits describe
   * @param conditions features of conditions
   */
  public static Feature logits(
      ModelBuilder model,
      int blocks,
      int maps,
      int kernel,
      Distribution distribution,
      List<Feature> conditions) {
    Block block =
        block(model, new Stacks(model.image(), model.image()), maps, 7, MaskType.A, conditions);
    List<Feature> skips = new ArrayList<>(List.of(block.skip()));
    for (int i = 0; i < blocks; i++) {
      block = block(model, block.stacks(), maps, kernel, MaskType.B, conditions);
      skips.add(block.skip());
    }
    return Head.logits(model, Feature.sum(skips), maps, distribution);
  }

  /**
   * Returns an unconditional model with softmax output.
   *
   * @param image the images
   * @param blocks blocks after the first
   * @param maps maps of every block
   * @param kernel kernel of the blocks after the first, odd
   */
  public static Definition of(ImageSpec image, int blocks, int maps, int kernel) {
    ModelBuilder model = ModelBuilder.of("gated-pixelcnn", image);
    return model.softmax(logits(model, blocks, maps, kernel, Distribution.SOFTMAX, List.of()));
  }

  /**
   * Returns a model with softmax output under a class condition named "class".
   *
   * @param image the images
   * @param classes the number of classes
   * @param blocks blocks after the first
   * @param maps maps of every block
   * @param kernel kernel of the blocks after the first, odd
   */
  public static Definition classConditional(
      ImageSpec image, int classes, int blocks, int maps, int kernel) {
    ModelBuilder model = ModelBuilder.of("gated-pixelcnn", image);
    Feature label = model.classCondition("class", classes);
    return model.softmax(logits(model, blocks, maps, kernel, Distribution.SOFTMAX, List.of(label)));
  }
}
