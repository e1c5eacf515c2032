package io.weft.layer;

import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.spec.DefinitionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A value of the layer graph: maps at every position of a grid. Applying layers to features gives
 * new features; a feature never changes, so it can be used as often as you like (branches, skips,
 * residuals). The methods below are short forms of {@link #apply(Layer)}.
 */
public final class Feature {

  private final FeatureScope scope;
  private final int id;
  private final String name;
  private final Shape shape;

  /** Made by a {@link FeatureScope}; {@code id} numbers the feature within it. */
  public Feature(FeatureScope scope, int id, String name, Shape shape) {
    this.scope = Objects.requireNonNull(scope, "scope");
    this.id = id;
    this.name = Objects.requireNonNull(name, "name");
    this.shape = Objects.requireNonNull(shape, "shape");
  }

  /** Returns the graph that this feature belongs to. */
  public FeatureScope scope() {
    return scope;
  }

  /** Returns the number of this feature within its graph. */
  public int id() {
    return id;
  }

  /** Returns the full name, such as "block2/gate". */
  public String name() {
    return name;
  }

  /** Returns height, width and maps. */
  public Shape shape() {
    return shape;
  }

  /**
   * Returns what {@code layer} gives for this feature.
   *
   * @throws DefinitionException if the shapes do not fit
   */
  public Feature apply(Layer layer) {
    return apply("", layer);
  }

  /**
   * Returns what {@code layer} gives for this feature, under a name of your own.
   *
   * @param name the name within the current block, without "/"
   * @throws DefinitionException if the shapes do not fit or the name is taken
   */
  public Feature apply(String name, Layer layer) {
    return scope.apply(name, layer, List.of(this));
  }

  /** Returns what {@code layer} gives for this feature and {@code others}, in that order. */
  public Feature apply(Layer layer, Feature... others) {
    List<Feature> inputs = new ArrayList<>(others.length + 1);
    inputs.add(this);
    inputs.addAll(Arrays.asList(others));
    return scope.apply("", layer, inputs);
  }

  /** Returns the 1 x 1 convolution of this feature to {@code maps} maps, with bias. */
  public Feature conv1x1(int maps) {
    return apply(Pointwise.of(maps));
  }

  /**
   * Returns the square causal convolution of this feature: the rows above, and the own row up to
   * the own position.
   *
   * @param maps output maps
   * @param kernel size of the kernel, odd
   * @param type type A for the first layer, which reads the image; else B
   */
  public Feature causalConv(int maps, int kernel, MaskType type) {
    return apply(CausalConvolution.square(maps, kernel, type));
  }

  /**
   * Returns the causal convolution of this feature over whole rows, with a square kernel.
   *
   * @param maps output maps
   * @param kernel size of the kernel, odd
   * @param type type A for the rows above only; type B with the own row, all of it
   */
  public Feature verticalConv(int maps, int kernel, MaskType type) {
    return apply(CausalConvolution.vertical(maps, kernel, kernel, type));
  }

  /**
   * Returns the causal convolution of this feature over whole rows, the own one included, as 1 x n
   * and then n x 1 (Reed et al. 2017): the reach of {@link #verticalConv} of type B.
   *
   * @param maps output maps of both
   * @param kernel n, odd
   */
  public Feature factoredVerticalConv(int maps, int kernel) {
    return apply(CausalConvolution.vertical(maps, 1, kernel, MaskType.B))
        .apply(CausalConvolution.vertical(maps, kernel, 1, MaskType.B));
  }

  /**
   * Returns the causal convolution of this feature along the row.
   *
   * @param maps output maps
   * @param kernel width of the nominal kernel, odd
   * @param type type A for the first layer, which reads the image; else B
   */
  public Feature horizontalConv(int maps, int kernel, MaskType type) {
    return apply(CausalConvolution.horizontal(maps, kernel, type));
  }

  /**
   * Returns the weight-normalised convolution of this feature over its own row and those above
   * (PixelCNN++).
   *
   * @param maps output maps
   * @param kernelHeight rows of the kernel
   * @param kernelWidth columns of the kernel, odd
   */
  public Feature downShiftedConv(int maps, int kernelHeight, int kernelWidth) {
    return apply(ShiftedConvolution.down(maps, kernelHeight, kernelWidth));
  }

  /**
   * Returns the weight-normalised convolution of this feature over its own row and those above, its
   * own column and those to the left (PixelCNN++).
   *
   * @param maps output maps
   * @param kernelHeight rows of the kernel
   * @param kernelWidth columns of the kernel
   */
  public Feature downRightShiftedConv(int maps, int kernelHeight, int kernelWidth) {
    return apply(ShiftedConvolution.downRight(maps, kernelHeight, kernelWidth));
  }

  /**
   * Returns the convolution of this feature on all sides: for what is known before the first pixel,
   * such as conditions.
   *
   * @param maps output maps
   * @param kernel size of the square kernel, odd
   */
  public Feature conv(int maps, int kernel) {
    return apply(Convolution.square(maps, kernel));
  }

  /**
   * Returns this feature, a condition, on a grid that is {@code stride} times as fine, by a
   * transposed convolution with a kernel of twice the stride.
   *
   * @param maps output maps
   * @param stride at least 1
   */
  public Feature upConv(int maps, int stride) {
    return apply(TransposedConvolution.by(stride, maps));
  }

  /**
   * Returns this feature on the grid of another, which is {@code stride} times as fine or a little
   * less, as above; nothing else of the other is read.
   *
   * @param maps output maps
   * @param stride at least 1
   * @param like of a grid no finer than this makes; it is cropped to it
   */
  public Feature upConv(int maps, int stride, Feature like) {
    return apply(TransposedConvolution.by(stride, maps), like);
  }

  /**
   * Returns this feature and a map of ones, which tells zeros within the image from those outside.
   */
  public Feature onesChannel() {
    return apply(new OnesChannel());
  }

  /**
   * Returns this feature, the image or a condition that is one, with a learned vector of {@code
   * maps} numbers in place of each level: for codes, which have no order.
   *
   * @param levels how many levels there are, those of the image
   * @param maps the width of the vectors, of each colour channel
   */
  public Feature embedded(int levels, int maps) {
    return apply(Embedding.of(levels, maps));
  }

  /**
   * Returns this feature, the image or a condition that is one, with a map for each level that is 1
   * where the value is that level.
   *
   * @param levels how many levels there are, those of the image
   */
  public Feature oneHot(int levels) {
    return apply(new OneHot(levels));
  }

  /** Returns max(x, 0). */
  public Feature relu() {
    return apply(new Activation(Activation.Function.RELU));
  }

  /** Returns x where positive, else e^x - 1. */
  public Feature elu() {
    return apply(new Activation(Activation.Function.ELU));
  }

  /** Returns elu(x) and elu(-x) side by side: twice the maps. */
  public Feature concatElu() {
    return apply(new Activation(Activation.Function.CONCAT_ELU));
  }

  /** Returns the hyperbolic tangent. */
  public Feature tanh() {
    return apply(new Activation(Activation.Function.TANH));
  }

  /** Returns 1 / (1 + e^-x). */
  public Feature sigmoid() {
    return apply(new Activation(Activation.Function.SIGMOID));
  }

  /** Returns tanh of the first half of the maps times sigmoid of the second half. */
  public Feature gate() {
    return apply(new Gate());
  }

  /**
   * Returns this feature plus the first half of the branch's maps times the sigmoid of the second:
   * the end of PixelCNN++'s residual block.
   */
  public Feature residualGate(Feature branch) {
    return apply(new ResidualGate(), branch);
  }

  /**
   * Returns what these queries find: attention of each position to others by their place in the
   * generation order.
   *
   * @param keys of the same grid and as many maps as this
   * @param values of the same grid; the result has as many maps
   * @param heads into how many equal parts queries, keys and values are cut
   * @param span what is attended to: {@link Span#EARLIER} where keys or values see their own pixel
   */
  public Feature causalAttention(Feature keys, Feature values, int heads, Span span) {
    return apply(new CausalAttention(heads, span), keys, values);
  }

  /** Returns the sum; a global feature (1 x 1) is added everywhere. */
  public Feature plus(Feature other) {
    return apply(new Add(), other);
  }

  /** Returns the maps of this and {@code others} side by side. */
  public Feature concat(Feature... others) {
    return apply(new Concat(), others);
  }

  /** Returns {@code maps} maps from map {@code from} on. */
  public Feature slice(int from, int maps) {
    return apply(new Slice(from, maps));
  }

  /**
   * Returns the maps in {@code parts} equal runs.
   *
   * @throws DefinitionException if the maps do not divide evenly
   */
  public List<Feature> split(int parts) {
    if (parts < 1 || shape.maps() % parts != 0) {
      throw new DefinitionException(
          name
              + " has "
              + shape.maps()
              + " maps, which do not split into "
              + parts
              + " equal parts; choose a divisor");
    }
    int maps = shape.maps() / parts;
    List<Feature> split = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      split.add(slice(i * maps, maps));
    }
    return List.copyOf(split);
  }

  /** Returns this feature moved down by {@code rows} rows, zeros above. */
  public Feature shiftDown(int rows) {
    return apply(new Shift(rows, 0));
  }

  /** Returns this feature moved right by {@code columns} columns, zeros on the left. */
  public Feature shiftRight(int columns) {
    return apply(new Shift(0, columns));
  }

  /** Returns this feature with each map normalised over the batch. */
  public Feature batchNormalisation() {
    return apply(BatchNormalisation.standard());
  }

  /** Returns this feature normalised over the maps of each position, then scaled and moved. */
  public Feature layerNormalisation() {
    return apply(LayerNormalisation.standard());
  }

  /** Returns this feature normalised over the maps of each position. */
  public Feature positionalNormalisation() {
    return apply(PositionalNormalisation.standard());
  }

  /** Returns this feature, a share {@code rate} of it dropped in training. */
  public Feature dropout(double rate) {
    return apply(new Dropout(rate));
  }

  /**
   * Returns this feature plus a learned projection of {@code condition}, without a second bias: the
   * terms V h of Gated PixelCNN, equations 4 and 5. Serves classes, vectors and spatial maps.
   */
  public Feature conditionedOn(Feature condition) {
    Objects.requireNonNull(condition, "condition");
    return plus(condition.apply(Pointwise.of(shape.maps()).withoutBias()));
  }

  /** Returns this feature plus a learned projection of each of {@code conditions}. */
  public Feature conditionedOn(List<Feature> conditions) {
    Feature result = this;
    for (Feature condition : conditions) {
      result = result.conditionedOn(condition);
    }
    return result;
  }

  /** Returns the sum of all {@code features}, of which there is at least one. */
  public static Feature sum(List<Feature> features) {
    if (features.isEmpty()) {
      throw new DefinitionException("a sum needs at least one feature, found none");
    }
    return features.size() == 1
        ? features.get(0)
        : features.get(0).scope.apply("", new Add(), features);
  }

  @Override
  public String toString() {
    return name + " " + shape;
  }
}
