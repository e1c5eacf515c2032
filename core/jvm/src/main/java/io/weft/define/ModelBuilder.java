package io.weft.define;

import io.weft.distribution.Distribution;
import io.weft.graph.Node;
import io.weft.internal.define.GraphAssembler;
import io.weft.internal.define.Names;
import io.weft.layer.Embedding;
import io.weft.layer.Feature;
import io.weft.layer.FeatureScope;
import io.weft.layer.Layer;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Declares a model: makes the image and the conditions, and turns the features that were built from
 * them into a proven {@link Definition}.
 *
 * <pre>{@code
 * ModelBuilder model = ModelBuilder.of("digits", new ImageSpec(28, 28, 1, 256));
 * Feature x = model.image().causalConv(64, 7, MaskType.A).relu();
 * Definition digits = model.softmax(x.conv1x1(256));
 * }</pre>
 *
 * <p>Not for use by several threads at once.
 */
public final class ModelBuilder {

  private final GraphAssembler graph;
  private final List<Feature> features = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final FeatureScope scope = this::apply;
  private final String name;
  private Feature input;
  private String block = "";

  private ModelBuilder(String name, ImageSpec image, Orders orders) {
    this.name = name;
    this.graph = GraphAssembler.of(name, image, orders);
    input = feature(0);
  }

  /**
   * Starts a model.
   *
   * @param name letters, digits and "_.+-"
   * @throws DefinitionException if the name has other characters
   */
  public static ModelBuilder of(String name, ImageSpec image) {
    return new ModelBuilder(name, image, Orders.raster(image.height(), image.width()));
  }

  /**
   * Starts a model whose one set of weights is for {@code orders}, the first of which it scores and
   * samples under unless told otherwise. Its causal convolutions then mask each position by the
   * order (locally masked PixelCNN, arXiv 2006.12486).
   *
   * @param name letters, digits and "_.+-"
   * @param orders at least one, of the images' size
   * @throws DefinitionException if the name has other characters, or an order is for images of
   *     another size
   * @throws IllegalArgumentException if there is no order, or one twice
   */
  public static ModelBuilder of(String name, ImageSpec image, List<GenerationOrder> orders) {
    return new ModelBuilder(name, image, Orders.of(orders));
  }

  /** Returns the images. */
  public ImageSpec imageSpec() {
    return graph.image();
  }

  /** Returns the image under generation as a feature, scaled to [-1, 1]. */
  public Feature image() {
    return features.get(0);
  }

  /**
   * Returns what the model families read of the image: the image itself, or its embedding once
   * {@link #embedImage} was called.
   */
  public Feature input() {
    return input;
  }

  /**
   * Has the image under generation read as a learned vector in place of each level: for codes,
   * which have no order. The families' functions, such as {@code PixelCnn.first}, read it from now
   * on; see {@link #input}.
   *
   * @param maps the width of the vectors, of each colour channel
   * @return the embedding, [height, width, maps x channels]
   * @throws IllegalArgumentException if there are no maps
   */
  public Feature embedImage(int maps) {
    input = image().apply("embedding", Embedding.of(imageSpec().levels(), maps));
    return input;
  }

  /**
   * Declares a condition on one of several classes that have names; as a feature it is 1 x 1 x
   * count, one-hot. The model remembers the names: labels of data are matched to it by them, and it
   * refuses classes that it does not know.
   *
   * @param classNames of the labels 0, 1 and so on, for example {@code images.classNames()}
   * @throws DefinitionException if the name is taken, there is no class, or two have one name
   */
  public Feature classCondition(String conditionName, List<String> classNames) {
    return condition(() -> new Condition.OneOf(conditionName, classNames));
  }

  /**
   * Declares a class condition whose classes have labels alone; as a feature it is 1 x 1 x count,
   * one-hot.
   *
   * @throws DefinitionException if the name is taken or the count below 1
   */
  public Feature classCondition(String conditionName, int count) {
    return condition(() -> new Condition.OneOf(conditionName, count));
  }

  /**
   * Declares a vector condition; as a feature it is 1 x 1 x size.
   *
   * @throws DefinitionException if the name is taken or the size below 1
   */
  public Feature vectorCondition(String conditionName, int size) {
    return condition(() -> new Condition.Vector(conditionName, size));
  }

  /**
   * Declares a condition with a vector for every pixel, [image height, image width, maps].
   *
   * @throws DefinitionException if the name is taken or a size below 1
   */
  public Feature spatialCondition(String conditionName, int maps) {
    return condition(
        () ->
            new Condition.Spatial(
                conditionName, graph.image().height(), graph.image().width(), maps));
  }

  /**
   * Declares a condition that is an image, or the codes of a coarser grid: as a feature [height,
   * width, channels], scaled to [-1, 1]. Its values are given by {@code ConditionValues.withImage};
   * {@link Feature#embedded} gives each level a vector, and {@link Feature#upConv} brings it to the
   * grid of the image.
   *
   * @param codes what the condition is like
   * @throws DefinitionException if the name is taken
   */
  public Feature imageCondition(String conditionName, ImageSpec codes) {
    return condition(() -> Condition.Spatial.of(conditionName, codes));
  }

  /**
   * Declares a condition of any kind.
   *
   * @throws DefinitionException if the name is taken
   */
  public Feature condition(Condition condition) {
    Objects.requireNonNull(condition, "condition");
    return condition(() -> condition);
  }

  private Feature condition(Supplier<Condition> make) {
    try {
      return feature(graph.condition(make.get()));
    } catch (DefinitionException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new DefinitionException("model \"" + name + "\": " + e.getMessage(), e);
    }
  }

  /**
   * Runs {@code body}; the features made within have names that begin with {@code blockName} and
   * "/". A name used again is numbered.
   */
  public <R> R block(String blockName, Supplier<R> body) {
    Objects.requireNonNull(body, "body");
    String outer = block;
    block = outer + numbered(outer, Names.check("block", blockName)) + "/";
    try {
      return body.get();
    } finally {
      block = outer;
    }
  }

  /**
   * Finishes the model with one logit for each level and channel.
   *
   * @param logits [height, width, levels x channels], map k x channels + c for level k of channel c
   * @throws DefinitionException if the shape is another or the model is not causal
   */
  public Definition softmax(Feature logits) {
    return build(logits, Distribution.softmax());
  }

  /**
   * Finishes the model with one logit for each channel, for images of 2 levels.
   *
   * @param logits [height, width, channels]
   * @throws DefinitionException if the shape is another or the model is not causal
   */
  public Definition bernoulli(Feature logits) {
    return build(logits, Distribution.bernoulli());
  }

  /**
   * Finishes the model with a mixture of discretised logistic distributions for each pixel.
   *
   * @param parameters [height, width, maps], in the order that {@link Distribution.LogisticMixture}
   *     says
   * @param components how many are mixed, at least 1
   * @throws DefinitionException if the shape is another or the model is not causal
   */
  public Definition logisticMixture(Feature parameters, int components) {
    return build(parameters, Distribution.logisticMixture(components));
  }

  /**
   * Finishes the model with any distribution.
   *
   * @throws DefinitionException if the shape is another or the model is not causal
   */
  public Definition build(Feature output, Distribution distribution) {
    check(output);
    return Definition.of(graph.graph(output.id(), distribution));
  }

  private Feature apply(String given, Layer layer, List<Feature> inputs) {
    Objects.requireNonNull(given, "name");
    Objects.requireNonNull(layer, "layer");
    inputs.forEach(this::check);
    String path = block + numbered(block, given.isEmpty() ? layer.label() : given);
    return feature(graph.layer(path, layer, inputs.stream().map(Feature::id).toList()));
  }

  private Feature feature(int index) {
    Node node = graph.node(index);
    Feature feature = new Feature(scope, index, node.name(), node.shape());
    features.add(feature);
    return feature;
  }

  private void check(Feature feature) {
    Objects.requireNonNull(feature, "feature");
    if (feature.scope() != scope) {
      throw new DefinitionException(
          "model \""
              + name
              + "\": feature "
              + feature
              + " belongs to another model; features cannot be shared between models");
    }
  }

  /** The name itself the first time, then with _2, _3, ... */
  private String numbered(String within, String wanted) {
    Names.check("layer", wanted);
    int number = numbers.merge(within + wanted, 1, Integer::sum);
    String result = number == 1 ? wanted : wanted + "_" + number;
    return graph.has(within + result) ? numbered(within, wanted) : result;
  }
}
