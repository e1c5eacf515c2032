package io.weft.model;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.FromRaster;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.ToRaster;
import io.weft.order.GenerationOrder;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Gated PixelCNN (van den Oord et al. 2016, arXiv 1606.05328) as functions of features: two stacks
 * without a blind spot, gates, conditions in every gate, skips summed into the head.
 */
public final class GatedPixelCnn {

  /** The model's name, unless said otherwise. */
  public static final String NAME = "gated-pixelcnn";

  /** Blocks after the first, unless said otherwise. */
  public static final int BLOCKS = 8;

  /** Maps of every block, unless said otherwise. */
  public static final int MAPS = 64;

  private GatedPixelCnn() {}

  /**
   * The two stacks between blocks.
   *
   * @param vertical has seen all rows down to and with its own
   * @param horizontal has seen the rows above, and the own row as far as the mask lets it
   */
  public record Stacks(Feature vertical, Feature horizontal) {

    /** Returns both stacks where they begin: at the image. */
    public static Stacks of(Feature image) {
      return new Stacks(image, image);
    }
  }

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
   * @param from the stacks; for the first block the image twice
   * @param maps maps p of the block, at least the number of colour channels
   * @param kernel size n of the n x n vertical and 1 x n horizontal kernels, odd
   * @param type type A for the block that reads the image (which then has no residual), else B
   * @param conditions what the gates of both stacks are conditioned on
   */
  public static Block block(
      ModelBuilder model,
      Stacks from,
      int maps,
      int kernel,
      MaskType type,
      List<Feature> conditions) {
    return block(model, from, maps, kernel, type, VerticalForm.SQUARE, 0, conditions);
  }

  /**
   * One block, its vertical convolution in either form.
   *
   * @param model the model under construction
   * @param from the stacks; for the first block the image twice
   * @param maps maps p of the block, at least the number of colour channels
   * @param kernel size n of the vertical and horizontal kernels, odd
   * @param type type A for the block that reads the image (which then has no residual), else B
   * @param vertical n x n at once, or in two
   * @param dropout the share of what both gates give that is dropped in training, 0 for none
   * @param conditions what the gates of both stacks are conditioned on
   */
  public static Block block(
      ModelBuilder model,
      Stacks from,
      int maps,
      int kernel,
      MaskType type,
      VerticalForm vertical,
      double dropout,
      List<Feature> conditions) {
    ColourGroups colours = ColourGroups.of(model.imageSpec().channels());
    return model.block(
        "block",
        () -> {
          Gates gates = gates(model, from, maps, kernel, type, vertical, dropout, conditions);
          Feature out = gates.horizontal().apply("out", Pointwise.of(maps).withColours(colours));
          return new Block(
              new Stacks(
                  ModelFamily.dropped(gates.vertical().gate(), dropout),
                  type == MaskType.A ? out : out.plus(from.horizontal())),
              skip(gates, maps, colours));
        });
  }

  /**
   * The last block, of type B: as above, but nothing reads its stacks any more, so it has none.
   *
   * @return the block's share of what the head reads
   */
  public static Feature lastBlock(
      ModelBuilder model,
      Stacks from,
      int maps,
      int kernel,
      VerticalForm vertical,
      double dropout,
      List<Feature> conditions) {
    ColourGroups colours = ColourGroups.of(model.imageSpec().channels());
    return model.block(
        "block",
        () ->
            skip(
                gates(model, from, maps, kernel, MaskType.B, vertical, dropout, conditions),
                maps,
                colours));
  }

  /**
   * Both stacks of a block as far as its heart.
   *
   * @param vertical before its gate, 2p maps
   * @param horizontal after its gate, p maps
   */
  private record Gates(Feature vertical, Feature horizontal) {}

  private static Gates gates(
      ModelBuilder model,
      Stacks from,
      int maps,
      int kernel,
      MaskType type,
      VerticalForm vertical,
      double dropout,
      List<Feature> conditions) {
    ColourGroups colours = ColourGroups.of(model.imageSpec().channels()).withOutputParts(2);
    Feature above = vertical.over(from.vertical(), 2 * maps, kernel).conditionedOn(conditions);
    Feature link = above.shiftDown(1).apply("link", Pointwise.of(2 * maps).withoutBias());
    Feature beside =
        from.horizontal()
            .apply(
                "horizontal",
                CausalConvolution.horizontal(2 * maps, kernel, type).withColours(colours));
    Feature gated = beside.plus(link).conditionedOn(conditions).gate();
    return new Gates(above, ModelFamily.dropped(gated, dropout));
  }

  private static Feature skip(Gates gates, int maps, ColourGroups colours) {
    return gates.horizontal().apply("skip", Pointwise.of(maps).withColours(colours));
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
    return builder(model.imageSpec())
        .blocks(blocks)
        .maps(maps)
        .kernel(kernel)
        .distribution(distribution)
        .logits(model, conditions);
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
    return builder(image).blocks(blocks).maps(maps).kernel(kernel).build();
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
    return builder(image)
        .blocks(blocks)
        .maps(maps)
        .kernel(kernel)
        .classCondition("class", classes)
        .build();
  }

  /** Starts a model: a first block with a 7 x 7 kernel, then 8 of 64 maps with 3 x 3 kernels. */
  public static Builder builder(ImageSpec image) {
    return new Builder(image);
  }

  /**
   * Builds a Gated PixelCNN; every gate of both stacks is conditioned on every condition. Its
   * orders are raster order, mirrored, and of square images transposed too, in any number: {@link
   * GenerationOrder#eight}.
   */
  public static final class Builder extends ModelFamily<Builder> {

    private VerticalForm vertical = VerticalForm.SQUARE;

    private Builder(ImageSpec image) {
      super(NAME, image, BLOCKS, MAPS);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Runs the vertical convolutions in this form. */
    public Builder vertical(VerticalForm form) {
      vertical = Objects.requireNonNull(form, "form");
      return this;
    }

    /**
     * For other orders than raster order the image is turned to it, and every gate is conditioned
     * on where a pixel lies, for the weights of several orders to tell them apart.
     */
    @Override
    Feature logits(ModelBuilder model, List<Feature> given) {
      if (isForRasterAlone()) {
        return logits(model, model.input(), given);
      }
      List<Feature> turned = new ArrayList<>(turned(given));
      turned.add(places(model));
      return logits(model, model.input().apply(new ToRaster()), turned).apply(new FromRaster());
    }

    private Feature logits(ModelBuilder model, Feature input, List<Feature> given) {
      Stacks image = Stacks.of(input);
      Block block =
          block(model, image, maps(), firstKernel(), MaskType.A, vertical, dropout(), given);
      List<Feature> skips = new ArrayList<>(List.of(block.skip()));
      for (int i = 1; i < blocks(); i++) {
        block =
            block(model, block.stacks(), maps(), kernel(), MaskType.B, vertical, dropout(), given);
        skips.add(block.skip());
      }
      skips.add(lastBlock(model, block.stacks(), maps(), kernel(), vertical, dropout(), given));
      return Head.logits(model, Feature.sum(skips), maps(), distribution());
    }
  }
}
