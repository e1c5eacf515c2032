package io.weft.define;

import io.weft.complete.PixelMask;
import io.weft.distribution.Distribution;
import io.weft.expression.Parameter;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.Seam;
import io.weft.internal.define.FollowedReads;
import io.weft.internal.define.GraphAssembler;
import io.weft.internal.distribution.ValueDistribution;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.prove.CausalityException;
import io.weft.prove.CausalityProof;
import io.weft.spec.ClassConditions;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model definition: a layer graph that is proven causal. Immutable data; training, scoring and
 * sampling are all compiled from it.
 */
public final class Definition {

  private final CausalityProof proof;

  private Definition(CausalityProof proof) {
    this.proof = proof;
  }

  /**
   * Proves a graph and returns the definition.
   *
   * @throws DefinitionException if the output has the wrong shape, the graph leaks under one of its
   *     orders, a layer derives what it reads from one order where there are others, or a condition
   *     is read by nobody
   */
  public static Definition of(LayerGraph graph) {
    Objects.requireNonNull(graph, "graph");
    Shape expected = checkedOutput(graph);
    if (!graph.outputNode().shape().equals(expected)) {
      throw new DefinitionException(
          "model \""
              + graph.name()
              + "\": a "
              + graph.distribution()
              + " output for images of "
              + graph.image()
              + " needs "
              + expected
              + ", but "
              + graph.outputNode().name()
              + " gives "
              + graph.outputNode().shape());
    }
    boolean[] live = graph.live();
    for (int i = 0; i < live.length; i++) {
      if (!live[i] && graph.nodes().get(i) instanceof Node.Given given) {
        throw new DefinitionException(
            "model \""
                + graph.name()
                + "\": condition \""
                + given.name()
                + "\" reaches no output; use it (conditionedOn) or leave it out");
      }
    }
    Definition definition = new Definition(CausalityProof.of(graph));
    boolean holds = CausalityProof.holdsForEveryOrder(graph);
    definition.checkServes(definition.orders(), order -> holds);
    return definition;
  }

  /** Proves the graph under other orders; if they are several, one program is to serve them. */
  private void checkServes(List<GenerationOrder> orders, Predicate<GenerationOrder> isProven) {
    for (GenerationOrder order : orders) {
      if (!order.equals(order())) {
        LayerGraph other = proven(graph(), order, isProven.test(order));
        if (orders.size() > 1) {
          FollowedReads.check(graph(), other);
        }
      }
    }
  }

  /** A distribution may be anybody's code: its answers are checked here, once. */
  private static Shape checkedOutput(LayerGraph graph) {
    try {
      int maps = graph.distribution().maps(graph.image());
      for (int c = 0; c < graph.image().channels(); c++) {
        ValueDistribution.of(graph.distribution(), graph.image(), c);
      }
      return graph.image().shape().withMaps(maps);
    } catch (RuntimeException e) {
      String place = "model \"" + graph.name() + "\"";
      throw e instanceof IllegalArgumentException refusal
          ? DefinitionException.at(place, refusal)
          : new DefinitionException(place + ": fails with " + e, e);
    }
  }

  private static LayerGraph proven(LayerGraph graph, GenerationOrder order, boolean isProven) {
    try {
      LayerGraph other = under(graph, order);
      return isProven ? other : CausalityProof.of(other).graph();
    } catch (DefinitionException e) {
      String context = "under the order " + order;
      throw e instanceof CausalityException leak
          ? leak.within(context)
          : new DefinitionException(context + ", " + e.getMessage(), e);
    }
  }

  /** Returns the model's name. */
  public String name() {
    return graph().name();
  }

  /** Returns the images. */
  public ImageSpec image() {
    return graph().image();
  }

  /** Returns the conditions, in the order of declaration. */
  public List<Condition> conditions() {
    return graph().conditions();
  }

  /**
   * Returns the class condition of a model that has no other condition.
   *
   * @throws IllegalArgumentException if it has another, several or none; the message names them
   */
  public Condition.OneOf onlyClass() {
    return ClassConditions.only(inWords(), conditions());
  }

  /**
   * Returns the class condition of a model that has one of them, beside whatever other conditions.
   *
   * @throws IllegalArgumentException if it has none, or several; the message names its conditions
   */
  public Condition.OneOf classCondition() {
    return ClassConditions.among(inWords(), conditions());
  }

  private String inWords() {
    return "model \"" + name() + "\"";
  }

  /** Returns the distribution of one colour value. */
  public Distribution distribution() {
    return graph().distribution();
  }

  /** Returns the generation order that scoring and sampling are compiled for. */
  public GenerationOrder order() {
    return graph().order();
  }

  /** Returns the generation orders that the one set of weights is trained for, as declared. */
  public List<GenerationOrder> orders() {
    return graph().orders().declared();
  }

  /**
   * Returns the same model generated in another order, proven again. It has the same parameters:
   * the same weights serve, and are meant for {@code order} if it is one of {@link #orders}.
   *
   * @param order an order of the images' size, declared or not
   * @throws DefinitionException if the order is for images of another size, or the model is not
   *     causal under it: vertical and horizontal convolutions and shifts go along rows
   */
  public Definition under(GenerationOrder order) {
    Objects.requireNonNull(order, "order");
    if (order.equals(order())) {
      return this;
    }
    return new Definition(CausalityProof.of(under(graph(), order)));
  }

  /**
   * Returns the same model in the form that one program for several orders is compiled from: of one
   * order, under that. Of several, this; but where the weights are for raster order alone, under an
   * order that is another, for in raster order layers follow none.
   *
   * @param several orders of the images' size, declared or not, at least one
   * @throws DefinitionException if the model is not causal under one of them, or one program cannot
   *     serve them, as a layer derives what it reads from the order by itself
   */
  @Seam
  public Definition serving(List<GenerationOrder> several) {
    if (several.size() == 1) {
      return under(several.get(0));
    }
    Definition compiled =
        several.stream()
            .filter(order -> graph().orders().rasterAlone() && !order.isRaster())
            .findFirst()
            .map(this::under)
            .orElse(this);
    compiled.checkServes(several, orders()::contains);
    return compiled;
  }

  private static LayerGraph under(LayerGraph old, GenerationOrder order) {
    return again(old, old.image(), () -> old.orders().under(order));
  }

  private static LayerGraph again(LayerGraph old, ImageSpec image, Supplier<Orders> orders) {
    try {
      GraphAssembler graph = GraphAssembler.of(old.name(), image, orders.get());
      old.nodes().forEach(node -> node.match(new Again(graph)));
      return graph.graph(old.output(), old.distribution());
    } catch (DefinitionException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw DefinitionException.at("model \"" + old.name() + "\"", e);
    }
  }

  /**
   * Returns the same model for images of another size, proven again. It has the same parameters, so
   * that the same weights serve: a convolution knows no size. What they were trained on they will
   * serve best.
   *
   * @param height rows, 1 to 4096
   * @param width columns, 1 to 4096
   * @throws DefinitionException if a layer has weights for each row, a condition is a map, or an
   *     order is not there for that size, or has no name by which it could be made again. A layer
   *     of one's own has weights for each row if it reads by maps of positions whose labels differ
   */
  public Definition resized(int height, int width) {
    if (height == image().height() && width == image().width()) {
      return this;
    }
    ImageSpec other = new ImageSpec(height, width, image().channels(), image().levels());
    LayerGraph resized = again(graph(), other, () -> graph().orders().resized(height, width));
    resized
        .parameters()
        .forEach((name, parameter) -> checkSame(name, graph().parameters().get(name), parameter));
    boolean[] live = resized.live();
    for (int n = 0; n < live.length; n++) {
      if (live[n]) {
        checkSamePlaces(graph().nodes().get(n), resized.nodes().get(n));
      }
    }
    return Definition.of(resized);
  }

  private void checkSame(String name, @Nullable Parameter here, Parameter there) {
    if (here == null || !here.dimensions().equals(there.dimensions())) {
      throw new DefinitionException(
          "model \""
              + name()
              + "\" is for images of one size: "
              + name
              + " would be "
              + there.dimensions()
              + " in place of "
              + (here == null ? "nothing" : here.dimensions()));
    }
  }

  /** As many weights may be for other rows and columns: places that have names have their own. */
  private void checkSamePlaces(Node here, Node there) {
    List<String> places = namedPlaces(here);
    List<String> others = namedPlaces(there);
    if (!places.equals(others)) {
      throw new DefinitionException(
          "model \""
              + name()
              + "\" is for images of one size: "
              + here.name()
              + " has weights for "
              + differing(places, others)
              + ", and would read "
              + differing(others, places)
              + " with them; build it for images of that size, and train it on some");
    }
  }

  private static String differing(List<String> places, List<String> others) {
    return IntStream.range(0, places.size())
        .filter(i -> i >= others.size() || !places.get(i).equals(others.get(i)))
        .mapToObj(places::get)
        .findFirst()
        .orElse("nothing");
  }

  /** Where a layer with weights reads by a map of positions that is no distance and no order. */
  private static List<String> namedPlaces(Node node) {
    return node instanceof Node.Applied applied && !applied.parameters().isEmpty()
        ? applied.expression().taps().stream().filter(Definition::isNamed).map(Tap::label).toList()
        : List.of();
  }

  private static boolean isNamed(Tap tap) {
    return !(tap.positions() instanceof PositionMap.Offset
        || tap.positions() instanceof PositionMap.Strided
        || tap.positions() instanceof PositionMap.Transposed
        || tap.positions() instanceof PositionMap.Global
        || tap.positions().follows().isPresent());
  }

  /** Adds each kind of node again; the image is there already. */
  private record Again(GraphAssembler graph) implements Node.Cases<Integer> {
    @Override
    public Integer image(Node.Image node) {
      return 0;
    }

    @Override
    public Integer given(Node.Given node) {
      return graph.condition(node.condition());
    }

    @Override
    public Integer applied(Node.Applied node) {
      return graph.layer(node.name(), node.layer(), node.inputs());
    }
  }

  /**
   * Returns whether the weights serve every generation order: all taps of all kernels have some,
   * and no layer goes along rows. Such a model completes an image with all known pixels as context,
   * if it is run {@linkplain #under under} an order that begins with them.
   */
  public boolean servesEveryOrder() {
    return !graph().orders().forRasterAlone() && CausalityProof.holdsForEveryOrder(graph());
  }

  /**
   * Returns the order in which images are completed of which some pixels are known: for a model
   * that {@linkplain #servesEveryOrder serves every order} the one that {@link
   * PixelMask#knownFirst} derives from the mask, for any other that of its {@link #orders} in which
   * the fewest known pixels come after a missing one; of several such its own, or else the first.
   * What a missing pixel sees is that which the model sees {@linkplain #under under} it.
   *
   * @param known which pixels are known
   * @throws IllegalArgumentException if the mask is for images of another size
   */
  public GenerationOrder completionOrder(PixelMask known) {
    known.check(image());
    if (servesEveryOrder()) {
      return known.knownFirst(orders());
    }
    return Stream.concat(Stream.of(order()), orders().stream())
        .min(Comparator.comparingInt(known::knownAfterMissing))
        .orElseThrow();
  }

  /**
   * Returns the order in which images are completed where one was asked for: for a model that
   * {@linkplain #servesEveryOrder serves every order} the one that {@link PixelMask#knownFirst}
   * derives, in which what is missing follows {@code chosen}; for any other {@code chosen} itself,
   * in which known pixels may come after missing ones.
   *
   * @param known which pixels are known
   * @param chosen the order that was asked for
   * @throws IllegalArgumentException if the mask is for images of another size
   */
  public GenerationOrder completionOrder(PixelMask known, GenerationOrder chosen) {
    known.check(image());
    return servesEveryOrder() ? known.knownFirst(List.of(chosen)) : chosen;
  }

  /** Returns the layer graph. */
  public LayerGraph graph() {
    return proof.graph();
  }

  /** Returns the proof. */
  public CausalityProof proof() {
    return proof;
  }

  /** Returns the number of learned values. */
  public long parameterCount() {
    return graph().parameters().values().stream()
        .filter(p -> p.trainable())
        .mapToLong(p -> p.size())
        .sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Definition definition && graph().equals(definition.graph());
  }

  @Override
  public int hashCode() {
    return graph().hashCode();
  }

  @Override
  public String toString() {
    return "model \"" + name() + "\" of " + image() + ", " + parameterCount() + " parameters";
  }
}
