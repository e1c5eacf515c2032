package io.weft.prove;

import io.weft.expression.Shape;
import io.weft.expression.Span;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.layer.Add;
import io.weft.layer.CausalAttention;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Convolution;
import io.weft.layer.ConvolutionForm;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.Shift;
import io.weft.layer.Support;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What ends a leak at the reads to blame: each way is tried on the graph before it is advised. A
 * place that a layer of one's own should leave out was tried by who found the reads.
 */
final class Remedies {

  private static final int KERNEL = 3;

  /** So many are named: the best, and another. */
  private static final int NAMED = 2;

  private final LayerGraph graph;
  private final List<Leak.Edge> edges;
  private final Predicate<List<Remedy.Change>> cured;

  /** Looks for remedies at {@code edges}; {@code cured} says whether changes are one. */
  Remedies(LayerGraph graph, List<Leak.Edge> edges, Predicate<List<Remedy.Change>> cured) {
    this.graph = graph;
    this.edges = edges;
    this.cured = cured;
  }

  /** Returns what ends a leak by what is right a row further down. */
  List<Remedy> ofLateRows() {
    return graph.order().isRaster() ? first(this::shiftDown) : followOrder();
  }

  /** Returns what ends a leak by attention on another grid than that of the pixels. */
  List<Remedy> ofOtherGrid() {
    return shiftDown().stream()
        .map(
            shift ->
                new Remedy(
                    "What is earlier on another grid is not so in the image: attend on the image's"
                        + " own. Or: "
                        + shift.advice(),
                    shift.changes()))
        .toList();
  }

  /** Returns what ends a leak by reads of the own position. */
  List<Remedy> ofOwnPosition() {
    return causal()
        .or(this::typeA)
        .or(this::strict)
        .map(List::of)
        .orElseGet(
            () -> graph.order().isRaster() ? first(this::inRaster, this::leaveOut) : followOrder());
  }

  /** Returns what ends a leak by reads of another place. */
  List<Remedy> ofPlace() {
    return causal()
        .or(this::typeA)
        .or(this::strict)
        .map(List::of)
        .orElseGet(
            () ->
                graph.order().isRaster() ? first(this::leaveOut, this::shiftDown) : followOrder());
  }

  private Optional<Remedy> inRaster() {
    return throughTypeA().or(this::shiftDown);
  }

  private List<Remedy> followOrder() {
    return first(this::causalInPlace, this::throughTypeA, this::leaveOut);
  }

  @FunctionalInterface
  private interface Way {
    Optional<Remedy> find();
  }

  private static List<Remedy> first(Way... ways) {
    return Stream.of(ways).flatMap(way -> way.find().stream()).limit(NAMED).toList();
  }

  /** Type A in place of B, where all the layers have types. */
  private Optional<Remedy> typeA() {
    if (!edges.stream().allMatch(e -> layer(e) instanceof CausalConvolution c && hasTypeB(c))) {
      return Optional.empty();
    }
    boolean rows = ((CausalConvolution) layer(edges.get(0))).support() == Support.VERTICAL;
    String advice =
        rows
            ? "Use type A there, which reads the rows above only"
            : "Use type A there, with colour groups in a colour image";
    return tried(advice, e -> new Remedy.Replace(e.layer(), typeA((CausalConvolution) layer(e))));
  }

  /** Attention to what is earlier, in place of the own position as well. */
  private Optional<Remedy> strict() {
    if (!edges.stream().allMatch(e -> layer(e) instanceof CausalAttention)) {
      return Optional.empty();
    }
    return tried(
        "Attend there to earlier positions alone (Span.EARLIER)",
        e -> new Remedy.Replace(e.layer(), strict((CausalAttention) layer(e))));
  }

  private static CausalAttention strict(CausalAttention attention) {
    return attention.to(new Span(Span.End.EARLIER, attention.span().most()));
  }

  /** A causal kernel of the same size, in place of one on all sides. */
  private Optional<Remedy> causal() {
    if (!edges.stream().allMatch(e -> layer(e) instanceof Convolution)) {
      return Optional.empty();
    }
    return Stream.of(MaskType.B, MaskType.A)
        .flatMap(
            type ->
                tried(
                    "Use a causal convolution in its place (causalConv), of type " + type,
                    e -> new Remedy.Replace(e.layer(), causal((Convolution) layer(e), type)))
                    .stream())
        .findFirst();
  }

  private static Layer causal(Convolution c, MaskType type) {
    return new CausalConvolution(
        c.maps(),
        c.kernelHeight(),
        c.kernelWidth(),
        1,
        type,
        Support.FULL,
        ColourGroups.none(),
        ConvolutionForm.SHIFTED);
  }

  private static boolean hasTypeB(CausalConvolution convolution) {
    return convolution.type() == MaskType.B;
  }

  private static Layer typeA(CausalConvolution c) {
    return new CausalConvolution(
        c.maps(),
        c.kernelHeight(),
        c.kernelWidth(),
        c.dilation(),
        MaskType.A,
        c.support(),
        c.colours(),
        c.form());
  }

  private Optional<Remedy> shiftDown() {
    for (int rows = 1; rows <= graph.image().height(); rows++) {
      Shift shift = new Shift(rows, 0);
      String by = rows == 1 ? "a row first (shiftDown)" : rows + " rows first (shiftDown)";
      Optional<Remedy> found = through("Shift what it reads down by " + by, source -> shift);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Remedy> throughTypeA() {
    return through(
        "Read that through a causal convolution of type A first (causalConv)",
        source -> CausalConvolution.square(source.maps(), KERNEL, MaskType.A));
  }

  private Optional<Remedy> causalInPlace() {
    String advice =
        "Under this generation order use a causal convolution in its place (causalConv), whose taps"
            + " follow it";
    return Stream.of(MaskType.B, MaskType.A)
        .flatMap(
            type ->
                tried(
                    advice + ", of type " + type,
                    e -> new Remedy.Replace(e.layer(), causal(e, type)))
                    .stream())
        .findFirst();
  }

  private CausalConvolution causal(Leak.Edge edge, MaskType type) {
    return CausalConvolution.square(node(edge.layer()).shape().maps(), KERNEL, type);
  }

  /** Not to read the place: for a sum, and for layers of one's own. */
  private Optional<Remedy> leaveOut() {
    if (edges.stream().allMatch(e -> layer(e) instanceof Add)) {
      return tried("Leave that summand out", Remedies::less);
    }
    // Under another order other places are late.
    boolean possible =
        graph.orders().declared().size() == 1 && edges.stream().noneMatch(e -> isOfWeft(layer(e)));
    return possible ? Optional.of(readLess()) : Optional.empty();
  }

  /** Returns the remedy that always is one, if a poor one: not to read what leaks. */
  Remedy readLess() {
    return new Remedy("Leave that place out", edges.stream().map(Remedies::less).toList());
  }

  private static Remedy.Change less(Leak.Edge edge) {
    return new Remedy.LeaveOut(edge.layer(), edge.source(), edge.place());
  }

  /** Returns whether a layer is one of the library, which reads what its kind reads. */
  static boolean isOfWeft(Layer layer) {
    return layer.getClass().getPackage().equals(Layer.class.getPackage());
  }

  private Optional<Remedy> through(String advice, Function<Shape, Layer> between) {
    return tried(
        advice,
        e -> new Remedy.Through(e.layer(), e.source(), between.apply(node(e.source()).shape())));
  }

  private Optional<Remedy> tried(String advice, Function<Leak.Edge, Remedy.Change> change) {
    try {
      List<Remedy.Change> changes = edges.stream().map(change).distinct().toList();
      return cured.test(changes) ? Optional.of(new Remedy(advice, changes)) : Optional.empty();
    } catch (IllegalArgumentException shapesDoNotFit) {
      return Optional.empty();
    }
  }

  private Layer layer(Leak.Edge edge) {
    return ((Node.Applied) node(edge.layer())).layer();
  }

  private Node node(String name) {
    return graph.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }
}
