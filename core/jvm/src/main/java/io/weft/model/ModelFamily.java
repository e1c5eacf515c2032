package io.weft.model;

import static java.util.stream.Collectors.joining;

import io.weft.advice.Advice;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.Dropout;
import io.weft.layer.Feature;
import io.weft.layer.Ones;
import io.weft.layer.Pointwise;
import io.weft.layer.PositionEmbedding;
import io.weft.layer.ToRaster;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.prove.CausalityException;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Builds a member of a model family: the options that all families have, and the definition made of
 * them. What is not said keeps the default.
 *
 * <pre>{@code
 * Definition digits =
 *     GatedPixelCnn.builder(image).blocks(8).maps(64).classCondition("digit", 10).build();
 * }</pre>
 *
 * <p>Not for use by several threads at once.
 *
 * @param <B> the family's own builder
 */
public abstract class ModelFamily<B extends ModelFamily<B>> {

  /** The kernel of the layer that reads the image, unless said otherwise: 7 x 7. */
  public static final int FIRST_KERNEL = 7;

  /** The kernel of the blocks, unless said otherwise: 3 x 3. */
  public static final int KERNEL = 3;

  /** The maps that tell the weights of several orders where a pixel lies. */
  private static final int PLACE_MAPS = 16;

  private final ImageSpec image;
  private final List<Condition> conditions = new ArrayList<>();

  /** What becomes of the features of some conditions before the blocks read them. */
  private final Map<String, Preparation> preparations = new HashMap<>();

  private String name;
  private int blocks;
  private int maps;
  private int firstKernel = FIRST_KERNEL;
  private int kernel = KERNEL;
  private double dropout;
  private Distribution distribution = Distribution.softmax();
  private List<GenerationOrder> orders;
  private OptionalInt embedding = OptionalInt.empty();

  /** What becomes of a condition's feature. */
  private interface Preparation {
    Feature of(ModelBuilder model, Feature condition);
  }

  ModelFamily(String name, ImageSpec image, int blocks, int maps) {
    this.name = name;
    this.image = Objects.requireNonNull(image, "image");
    this.blocks = blocks;
    this.maps = maps;
    this.orders = List.of(GenerationOrder.raster(image.height(), image.width()));
  }

  abstract B self();

  /** Returns the output's parameters, [height, width, {@code distribution.maps(image)}]. */
  abstract Feature logits(ModelBuilder model, List<Feature> given);

  /** Names the model: letters, digits and "_.+-". */
  public B name(String modelName) {
    name = Objects.requireNonNull(modelName, "name");
    return self();
  }

  /** Takes {@code count} blocks, at least 1. */
  public B blocks(int count) {
    blocks = atLeastOne("blocks", count);
    return self();
  }

  /** Gives every block {@code count} maps, at least 1 for each colour channel. */
  public B maps(int count) {
    maps = atLeastOne("maps", count);
    return self();
  }

  /** Gives the layer that reads the image a kernel of this size, odd. */
  public B firstKernel(int size) {
    firstKernel = atLeastOne("first kernel", size);
    return self();
  }

  /** Gives the blocks kernels of this size, odd. */
  public B kernel(int size) {
    kernel = atLeastOne("kernel", size);
    return self();
  }

  /**
   * Drops this share of a block's values in training, at least 0 and below 1: within each block,
   * before the convolution whose result goes on to what follows. Families that say nothing else
   * drop none.
   *
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public B dropout(double rate) {
    dropout = new Dropout(rate).rate();
    return self();
  }

  /** Describes colour values by this distribution in place of {@link Distribution#softmax}. */
  public B distribution(Distribution output) {
    distribution = Objects.requireNonNull(output, "distribution");
    return self();
  }

  /**
   * Generates images in this order in place of raster order. Any order will do for what has no
   * stacks that go along rows: PixelCNN, locally masked PixelCNN and image-gpt. Gated PixelCNN and
   * PixelSNAIL take those that are raster order in a mirror, or transposed.
   */
  public B order(GenerationOrder order) {
    return orders(List.of(order));
  }

  /**
   * Has one set of weights for several generation orders, one of which is drawn for each step of
   * training. The first is the one that scoring and sampling take unless told otherwise.
   *
   * @param several at least one
   */
  public B orders(List<GenerationOrder> several) {
    orders = Orders.of(several).declared();
    return self();
  }

  /** Conditions every block on {@code condition} as well. */
  public B conditionedOn(Condition condition) {
    conditions.add(Objects.requireNonNull(condition, "condition"));
    return self();
  }

  /** Conditions every block on all of {@code given} as well. */
  public B conditionedOn(List<Condition> given) {
    given.forEach(this::conditionedOn);
    return self();
  }

  /**
   * Conditions every block on a class as well. The model remembers what its classes are called:
   * labels of data are matched to it by their names, and it refuses classes that it does not know.
   *
   * @param condition the condition's name
   * @param classNames of the labels 0, 1 and so on, all different, for example {@code
   *     images.classNames()}
   */
  public B classCondition(String condition, List<String> classNames) {
    return conditionedOn(new Condition.OneOf(condition, classNames));
  }

  /**
   * Conditions every block on a class as well, where classes have labels alone.
   *
   * @param condition the condition's name
   * @param count the number of classes, at least 1
   */
  public B classCondition(String condition, int count) {
    return conditionedOn(new Condition.OneOf(condition, count));
  }

  /**
   * Conditions every block on a real vector as well.
   *
   * @param condition the condition's name
   * @param size the number of values, at least 1
   */
  public B vectorCondition(String condition, int size) {
    return conditionedOn(new Condition.Vector(condition, size));
  }

  /**
   * Conditions every block on a vector for each pixel as well.
   *
   * @param condition the condition's name
   * @param mapCount values at each pixel, at least 1
   */
  public B spatialCondition(String condition, int mapCount) {
    return conditionedOn(new Condition.Spatial(condition, image.height(), image.width(), mapCount));
  }

  /**
   * Conditions every block on a small image as well, of which the images are the large form: the
   * second model of a pyramid. It has every {@code factor}-th row and column of an image, and is
   * brought to the image's size by a convolution and transposed ones of the blocks' maps.
   *
   * @param condition the condition's name
   * @param factor at least 2
   */
  public B smallImageCondition(String condition, int factor) {
    if (factor < 2) {
      throw new IllegalArgumentException(
          "a small image has every 2nd row and column or fewer, found " + factor);
    }
    preparations.put(
        condition,
        (model, feature) -> Upsampling.of(model, embedded(model, feature), factor, maps));
    return conditionedOn(
        new Condition.Spatial(
            condition,
            (image.height() - 1) / factor + 1,
            (image.width() - 1) / factor + 1,
            image.channels()));
  }

  /** A part of the image is read as the image is. */
  private Feature embedded(ModelBuilder model, Feature part) {
    return embedding.isPresent()
        ? part.embedded(model.imageSpec().levels(), embedding.getAsInt())
        : part;
  }

  /**
   * Conditions every block on codes of a coarser grid as well, as the bottom of a hierarchy is on
   * its top (VQ-VAE-2, Razavi et al. 2019): they are embedded, and brought to the image's size by a
   * convolution and transposed ones, all of the blocks' maps.
   *
   * @param condition the condition's name; {@code ConditionValues.withImage} gives its values
   * @param codes what the codes are like: of images {@code factor} times as high and wide, or a
   *     little less
   * @throws IllegalArgumentException if the image is not so many times as high as it is wide
   */
  public B codeCondition(String condition, ImageSpec codes) {
    int factor = (image.height() - 1) / codes.height() + 1;
    if (!fits(codes.height(), image.height(), factor)
        || !fits(codes.width(), image.width(), factor)) {
      throw new IllegalArgumentException(
          "codes of "
              + codes
              + " for images of "
              + image
              + "; expected a grid that is as many times as coarse in height as in width");
    }
    preparations.put(
        condition,
        (model, feature) ->
            Upsampling.of(model, feature.embedded(codes.levels(), maps), factor, maps));
    return conditionedOn(Condition.Spatial.of(condition, codes));
  }

  private static boolean fits(int coarse, int fine, int factor) {
    return (fine - 1) / factor + 1 == coarse;
  }

  /**
   * Conditions every block on a class as well, of which all blocks read one learned vector, a class
   * embedding: for many classes fewer numbers than a vector for each block.
   *
   * @param condition the condition's name
   * @param classNames of the labels 0, 1 and so on, as for {@link #classCondition(String, List)}
   * @param vectorMaps the width of the vectors, at least 1
   */
  public B classEmbedding(String condition, List<String> classNames, int vectorMaps) {
    return classEmbedding(new Condition.OneOf(condition, classNames), vectorMaps);
  }

  /**
   * Conditions every block on a class as well, of which all blocks read one learned vector, where
   * classes have labels alone.
   *
   * @param condition the condition's name
   * @param count the number of classes, at least 1
   * @param vectorMaps the width of the vectors, at least 1
   */
  public B classEmbedding(String condition, int count, int vectorMaps) {
    return classEmbedding(new Condition.OneOf(condition, count), vectorMaps);
  }

  private B classEmbedding(Condition.OneOf condition, int vectorMaps) {
    Pointwise vectors = Pointwise.of(atLeastOne("vector maps", vectorMaps)).withoutBias();
    preparations.put(
        condition.name(),
        (model, feature) -> feature.apply(condition.name() + "-embedding", vectors));
    return conditionedOn(condition);
  }

  /**
   * Reads the image as a learned vector in place of each level, for codes, which have no order.
   * Without this, the model sees a level as a number.
   *
   * @param vectorMaps the width of the vectors, of each colour channel, at least 1
   */
  public B embedding(int vectorMaps) {
    embedding = OptionalInt.of(atLeastOne("embedding", vectorMaps));
    return self();
  }

  private Feature given(ModelBuilder model, Condition condition) {
    Feature feature = model.condition(condition);
    Preparation preparation = preparations.get(condition.name());
    return preparation == null ? feature : preparation.of(model, feature);
  }

  /**
   * Returns the definition, proven.
   *
   * @throws DefinitionException if a kernel is even, a name is taken, the family cannot follow the
   *     generation orders, or another option does not fit the images
   */
  public final Definition build() {
    ModelBuilder model = ModelBuilder.of(name, image, orders);
    embedding.ifPresent(model::embedImage);
    List<Feature> given = conditions.stream().map(condition -> given(model, condition)).toList();
    try {
      return model.build(logits(model, given), distribution);
    } catch (CausalityException e) {
      if (orders.stream().allMatch(GenerationOrder::isRaster)) {
        throw e;
      }
      throw cannotFollow(e);
    }
  }

  /** In raster order the family is causal, so that the order is to blame and no layer. */
  private DefinitionException cannotFollow(CausalityException leak) {
    DefinitionException refusal =
        new DefinitionException(
            "model \""
                + name
                + "\" cannot follow "
                + orders.stream().map(GenerationOrder::toString).collect(joining(", "))
                + ", under which it would see what comes later: it is for raster order",
            Advice.FOLLOW_THE_ORDER);
    refusal.initCause(leak);
    return refusal;
  }

  /** Returns whether images are generated in raster order, and no other. */
  final boolean isForRasterAlone() {
    return Orders.of(orders).forRasterAlone();
  }

  /** Returns whether one set of weights serves several orders. */
  final boolean isForSeveralOrders() {
    return orders.size() > 1;
  }

  /** Returns conditions as {@link ToRaster} turns the image; those of whole images stay. */
  static List<Feature> turned(List<Feature> given) {
    return given.stream()
        .map(
            condition -> condition.shape().isGlobal() ? condition : condition.apply(new ToRaster()))
        .toList();
  }

  /** Returns where a pixel lies, turned so: the weights of several orders tell them apart by it. */
  static Feature places(ModelBuilder model) {
    Feature places = model.image().apply(new Ones()).apply(PositionEmbedding.of(PLACE_MAPS));
    return places.apply(new ToRaster());
  }

  final int blocks() {
    return blocks;
  }

  final int maps() {
    return maps;
  }

  final int firstKernel() {
    return firstKernel;
  }

  final int kernel() {
    return kernel;
  }

  final double dropout() {
    return dropout;
  }

  /** Returns a feature of which some values are dropped in training, if any are. */
  static Feature dropped(Feature feature, double rate) {
    return rate > 0 ? feature.dropout(rate) : feature;
  }

  final Distribution distribution() {
    return distribution;
  }

  /**
   * Checks an option that a family has one value for alone.
   *
   * @param what the option, and what the family does
   * @param instead what to do
   * @throws IllegalArgumentException if it is another value
   */
  static void checkOnly(String what, int only, int size, String instead) {
    if (size != only) {
      throw new IllegalArgumentException(
          what + " (size " + only + "), found " + size + "; " + instead);
    }
  }

  static int atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + ": at least 1, found " + value);
    }
    return value;
  }
}
