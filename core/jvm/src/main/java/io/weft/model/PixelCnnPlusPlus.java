package io.weft.model;

import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.Feature;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.Subsample;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PixelCNN++ (Salimans, Karpathy, Chen, Kingma 2017, arXiv 1701.05517) as functions of features:
 * two streams of shifted, weight-normalised convolutions that go down over three resolutions and up
 * again, with shortcuts across; a discretised logistic mixture for the pixel.
 *
 * <p>Kernels are said as for the other families: kernel n stands for (n+1)/2 x n in the stream of
 * the rows above, and (n+1)/2 x (n+1)/2 in the other; the paper's n is 3.
 */
public final class PixelCnnPlusPlus {

  /** The model's name, unless said otherwise. */
  public static final String NAME = "pixelcnn-plus-plus";

  /** Residual blocks at each resolution, unless said otherwise. */
  public static final int BLOCKS = 5;

  /** Maps of every feature, unless said otherwise. */
  public static final int MAPS = 160;

  /** Components of the mixture, unless said otherwise. */
  public static final int COMPONENTS = 10;

  /** The rate of the dropout in every block, unless said otherwise. */
  public static final double DROPOUT = 0.5;

  private static final int RESOLUTIONS = 3;
  private static final int STRIDE = 2;

  /** The standard deviation that a block's branch starts with. */
  private static final double BRANCH_DEVIATION = 0.1;

  private PixelCnnPlusPlus() {}

  /** A feature, and its concat-ELU, which several read and which is made once, if anyone does. */
  private static final class Stream {
    private final Feature value;
    private @Nullable Feature active;

    Stream(Feature value) {
      this.value = value;
    }

    Feature value() {
      return value;
    }

    Feature active() {
      Feature made = active;
      if (made == null) {
        made = value.concatElu();
        active = made;
      }
      return made;
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  /**
   * Both streams at one place.
   *
   * @param u sees the rows above
   * @param ul sees the rows above, and its own row to the left
   */
  private record Streams(Stream u, Stream ul) {}

  /**
   * Returns a gated residual block (the network of figure 2; section 2.5 for dropout): concat-ELU,
   * convolution, plus a 1 x 1 convolution of the auxiliary input, concat-ELU, dropout, convolution
   * to twice the maps, plus the conditions, and the gate, added to the input.
   *
   * @param model the model under construction
   * @param from the input
   * @param active its concat-ELU
   * @param auxiliary what comes in from aside, after concat-ELU
   * @param convolution the convolution, to as many maps as the input has
   * @param dropout the rate, 0 for none
   * @param conditions what the block is conditioned on
   */
  public static Feature gatedResidual(
      ModelBuilder model,
      Feature from,
      Feature active,
      Optional<Feature> auxiliary,
      ShiftedConvolution convolution,
      double dropout,
      List<Feature> conditions) {
    int maps = from.shape().maps();
    return model.block(
        "resnet",
        () -> {
          Feature first = active.apply(convolution);
          if (auxiliary.isPresent()) {
            Feature aside = auxiliary.orElseThrow();
            first = first.plus(aside.apply("aside", ShiftedConvolution.down(maps, 1, 1)));
          }
          Feature branch =
              ModelFamily.dropped(first.concatElu(), dropout)
                  .apply(convolution.withMaps(2 * maps).withDeviation(BRANCH_DEVIATION))
                  .conditionedOn(conditions);
          return from.residualGate(branch);
        });
  }

  /** Starts a model: 5 blocks of 160 maps, 10 components, dropout 0.5, as the paper's. */
  public static Builder builder(ImageSpec image) {
    return new Builder(image);
  }

  /** Builds a PixelCNN++; every block of both streams is conditioned on every condition. */
  public static final class Builder extends ModelFamily<Builder> {

    private Builder(ImageSpec image) {
      super(NAME, image, BLOCKS, MAPS);
      dropout(DROPOUT);
      firstKernel(KERNEL);
      components(COMPONENTS);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Mixes {@code count} logistic distributions, at least 1. */
    public Builder components(int count) {
      return distribution(Distribution.logisticMixture(count));
    }

    @Override
    Feature logits(ModelBuilder model, List<Feature> given) {
      if (kernel() % 2 == 0 || firstKernel() % 2 == 0) {
        throw new DefinitionException(
            "PixelCNN++ takes odd kernels, found " + kernel() + " and " + firstKernel());
      }
      return new Network(model, maps(), kernel(), dropout(), atEveryResolution(given))
          .logits(blocks(), firstKernel(), distribution());
    }

    private static List<List<Feature>> atEveryResolution(List<Feature> given) {
      List<List<Feature>> all = new ArrayList<>(List.of(given));
      while (all.size() < RESOLUTIONS) {
        List<Feature> finer = all.get(all.size() - 1);
        all.add(
            finer.stream()
                .map(f -> f.shape().isGlobal() ? f : f.apply(new Subsample(STRIDE)))
                .toList());
      }
      return all;
    }
  }

  /** The figure, with what all its parts have in common; conditions are by resolution. */
  private record Network(
      ModelBuilder model, int maps, int kernel, double dropout, List<List<Feature>> given) {

    Feature logits(int blocks, int firstKernel, Distribution distribution) {
      Shortcuts<Streams> kept = new Shortcuts<>();
      Streams now = kept.keep(model.block("first", () -> first(firstKernel)));
      for (int coarseness = 0; coarseness < RESOLUTIONS; coarseness++) {
        if (coarseness > 0) {
          now = kept.keep(halve(now));
        }
        for (int i = 0; i < blocks; i++) {
          now = kept.keep(blockDown(now, given.get(coarseness)));
        }
      }
      now = kept.take();
      for (int coarseness = RESOLUTIONS - 1; coarseness >= 0; coarseness--) {
        boolean coarsest = coarseness == RESOLUTIONS - 1;
        if (!coarsest) {
          now = doubled(now, kept.next());
        }
        for (int i = 0; i < (coarsest ? blocks : blocks + 1); i++) {
          now = blockUp(now, kept.take(), given.get(coarseness));
        }
      }
      kept.finish();
      int outputs = distribution.maps(model.imageSpec());
      return now.ul().value().elu().apply("parameters", ShiftedConvolution.down(outputs, 1, 1));
    }

    /** What reads the image: moved so that no position sees its own pixel. */
    private Streams first(int n) {
      Feature x = model.input().onesChannel();
      int half = (n + 1) / 2;
      Feature u = x.downShiftedConv(maps, half, n).shiftDown(1);
      Feature above = x.downShiftedConv(maps, 1, n).shiftDown(1);
      Feature left = x.downRightShiftedConv(maps, half, 1).shiftRight(1);
      return new Streams(new Stream(u), new Stream(above.plus(left)));
    }

    private ShiftedConvolution down() {
      return ShiftedConvolution.down(maps, (kernel + 1) / 2, kernel);
    }

    private ShiftedConvolution downRight() {
      return ShiftedConvolution.downRight(maps, (kernel + 1) / 2, (kernel + 1) / 2);
    }

    private Stream block(
        Stream from,
        Optional<Feature> aside,
        ShiftedConvolution convolution,
        List<Feature> conditions) {
      return new Stream(
          gatedResidual(
              model, from.value(), from.active(), aside, convolution, dropout, conditions));
    }

    private Streams blockDown(Streams from, List<Feature> conditions) {
      Stream u = block(from.u(), Optional.empty(), down(), conditions);
      return new Streams(u, block(from.ul(), Optional.of(u.active()), downRight(), conditions));
    }

    /** Concat-ELU of both side by side is both after concat-ELU side by side, but for the order. */
    private Streams blockUp(Streams from, Streams across, List<Feature> conditions) {
      Stream u = block(from.u(), Optional.of(across.u().active()), down(), conditions);
      Feature aside = u.active().concat(across.ul().active());
      return new Streams(u, block(from.ul(), Optional.of(aside), downRight(), conditions));
    }

    private Streams halve(Streams from) {
      return model.block(
          "halve",
          () ->
              new Streams(
                  new Stream(from.u().value().apply(down().withStride(STRIDE))),
                  new Stream(from.ul().value().apply(downRight().withStride(STRIDE)))));
    }

    private Streams doubled(Streams from, Streams like) {
      return model.block(
          "double",
          () ->
              new Streams(
                  new Stream(doubled(from.u(), down(), like.u())),
                  new Stream(doubled(from.ul(), downRight(), like.ul()))));
    }

    private Feature doubled(Stream from, ShiftedConvolution convolution, Stream like) {
      return from.value()
          .apply(TransposedShiftedConvolution.of(convolution.withStride(STRIDE)), like.value());
    }
  }
}
