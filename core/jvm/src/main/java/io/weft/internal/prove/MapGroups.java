package io.weft.internal.prove;

import io.weft.expression.Attended;
import io.weft.expression.Expression;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The layer graph refined to groups of maps, the finest grain at which dependence differs. It is
 * read off the layers' expressions, so it cannot disagree with what is computed.
 */
public final class MapGroups {

  private final LayerGraph graph;
  private final List<MapGroup> groups = new ArrayList<>();
  private final List<List<MapGroup>> ofNode = new ArrayList<>();
  private final List<int[]> groupOfMap = new ArrayList<>();
  private final List<List<MapGroup>> outputs;
  private final List<Wavefronts> fronts = new ArrayList<>();
  private final Map<Footprint, Wavefronts> known = new HashMap<>();

  /** What decides how an output can be computed: its grid, and where it reads itself. */
  private record Footprint(int height, int width, List<Tap> own) {}

  private MapGroups(LayerGraph graph) {
    this.graph = graph;
    for (int n = 0; n < graph.nodes().size(); n++) {
      add(n, graph.nodes().get(n));
    }
    this.outputs =
        IntStream.range(0, graph.image().channels()).mapToObj(this::findOutputs).toList();
  }

  /** Returns the groups of {@code graph}. */
  public static MapGroups of(LayerGraph graph) {
    return new MapGroups(graph);
  }

  /** Returns the graph. */
  public LayerGraph graph() {
    return graph;
  }

  /**
   * Returns all groups; a group comes after what it reads. Those of a layer that reads its own
   * output may read each other, in the order of its {@linkplain #fronts fronts}.
   */
  public List<MapGroup> all() {
    return List.copyOf(groups);
  }

  /** Returns the number of groups. */
  public int count() {
    return groups.size();
  }

  /** Returns the group with the given index. */
  public MapGroup get(int index) {
    return groups.get(index);
  }

  /** Returns the groups of a node. */
  public List<MapGroup> ofNode(int node) {
    return ofNode.get(node);
  }

  /** Returns the group of one map of a node. */
  public MapGroup ofMap(int node, int map) {
    return groups.get(groupOfMap.get(node)[map]);
  }

  /** Returns the node of a group. */
  public Node node(MapGroup group) {
    return graph.nodes().get(group.node());
  }

  /** Returns in which order the positions of a group, and of all groups of its node, come. */
  public Wavefronts fronts(MapGroup group) {
    return fronts.get(group.node());
  }

  /** What is done for a group at positions that read nothing of each other. */
  @FunctionalInterface
  public interface Visitor {
    /** Does it, when it has been done for all that these values read. */
    void visit(MapGroup group, int[] front);
  }

  /** Visits each value of each group after all that it reads. */
  public void inOrder(Visitor visitor) {
    for (int n = 0; n < ofNode.size(); n++) {
      Wavefronts order = fronts.get(n);
      for (int f = 0; f < order.count(); f++) {
        int[] front = order.front(f);
        ofNode.get(n).forEach(group -> visitor.visit(group, front));
      }
    }
  }

  /**
   * Returns the groups that the distribution of colour channel {@code channel} reads at its pixel,
   * each once: those of the output, and of the image where it reads earlier channels.
   */
  public List<MapGroup> outputsOf(int channel) {
    return outputs.get(channel);
  }

  private List<MapGroup> findOutputs(int channel) {
    Stream<MapGroup> described =
        IntStream.range(0, graph.outputNode().shape().maps())
            .filter(m -> graph.distribution().describes(graph.image(), channel, m))
            .mapToObj(m -> ofMap(graph.output(), m));
    Stream<MapGroup> earlier =
        IntStream.range(0, graph.distribution().readsEarlierChannels() ? channel : 0)
            .mapToObj(c -> ofMap(0, c));
    return Stream.concat(described, earlier).distinct().toList();
  }

  private void add(int index, Node node) {
    List<MapGroup> mine = new ArrayList<>();
    int[] ofMap = new int[node.shape().maps()];
    for (Part part : node.match(new Parts())) {
      MapGroup group = new MapGroup(groups.size(), index, part.maps(), part.edges());
      part.maps().forEach(m -> ofMap[m] = group.index());
      groups.add(group);
      mine.add(group);
    }
    ofNode.add(List.copyOf(mine));
    groupOfMap.add(ofMap);
    fronts.add(known.computeIfAbsent(footprint(node), f -> fronts(node)));
  }

  private static Footprint footprint(Node node) {
    return new Footprint(node.shape().height(), node.shape().width(), own(node));
  }

  private static Wavefronts fronts(Node node) {
    return Wavefronts.of(node.shape(), own(node));
  }

  private static List<Tap> own(Node node) {
    return node instanceof Node.Applied applied ? applied.ownTaps() : List.of();
  }

  /** Maps of a node that depend on the same. */
  private record Part(List<Integer> maps, List<MapGroup.Edge> edges) {}

  /** The parts of each kind of node. */
  private final class Parts implements Node.Cases<List<Part>> {
    /** Each colour channel is drawn apart. */
    @Override
    public List<Part> image(Node.Image image) {
      return IntStream.range(0, image.shape().maps())
          .mapToObj(m -> new Part(List.of(m), List.of()))
          .toList();
    }

    @Override
    public List<Part> given(Node.Given given) {
      List<Integer> maps = IntStream.range(0, given.shape().maps()).boxed().toList();
      return List.of(new Part(maps, List.of()));
    }

    /**
     * Maps of one part read the same. Where a layer reads its own output, what it reads are such
     * parts: the fewest parts for which that holds are found from one by splitting.
     */
    @Override
    public List<Part> applied(Node.Applied applied) {
      int[] classes = new int[applied.shape().maps()];
      for (int count = 1; ; ) {
        List<Part> parts = parts(applied, classes);
        if (parts.size() == count || applied.ownTaps().isEmpty()) {
          return parts;
        }
        count = parts.size();
        for (int p = 0; p < count; p++) {
          int part = p;
          parts.get(p).maps().forEach(m -> classes[m] = part);
        }
      }
    }

    private List<Part> parts(Node.Applied applied, int[] own) {
      List<MapGroup.Edge> atoms = new ArrayList<>();
      BitSet[] dependence = new Atoms(applied, own, atoms).of(applied.expression());
      Map<BitSet, List<Integer>> byDependence = new LinkedHashMap<>();
      for (int m = 0; m < dependence.length; m++) {
        byDependence.computeIfAbsent(dependence[m], d -> new ArrayList<>()).add(m);
      }
      List<Part> parts = new ArrayList<>();
      byDependence.forEach(
          (read, maps) -> parts.add(new Part(maps, read.stream().mapToObj(atoms::get).toList())));
      return parts;
    }
  }

  /** Finds which (tap, group) pairs each map of an expression reads. */
  private final class Atoms implements Expression.Cases<BitSet[]> {
    private final Node.Applied node;
    private final int[] own;
    private final List<MapGroup.Edge> edges;
    private final Map<MapGroup.Edge, Integer> numbers = new LinkedHashMap<>();
    private final IdentityHashMap<Expression, BitSet[]> known = new IdentityHashMap<>();

    /** Makes one for a node of which map m belongs to its part {@code own[m]}, as far as known. */
    Atoms(Node.Applied node, int[] own, List<MapGroup.Edge> edges) {
      this.node = node;
      this.own = own;
      this.edges = edges;
    }

    BitSet[] of(Expression expression) {
      BitSet[] found = known.get(expression);
      if (found == null) {
        found = expression.match(this);
        known.put(expression, found);
      }
      return found;
    }

    @Override
    public BitSet[] read(Expression.Read read) {
      BitSet[] result = new BitSet[read.width()];
      for (int m = 0; m < result.length; m++) {
        result[m] = new BitSet();
        result[m].set(number(read.tap(), group(read.tap(), m)));
      }
      return result;
    }

    /** The node's own groups are the next ones. */
    private int group(Tap tap, int map) {
      return tap.isOwn()
          ? groups.size() + own[map]
          : ofMap(node.inputs().get(tap.input()), map).index();
    }

    @Override
    public BitSet[] vector(Expression.Vector vector) {
      return nothing(vector);
    }

    @Override
    public BitSet[] columnNorms(Expression.ColumnNorms norms) {
      return nothing(norms);
    }

    @Override
    public BitSet[] constant(Expression.Constant constant) {
      return nothing(constant);
    }

    @Override
    public BitSet[] product(Expression.Product product) {
      BitSet[] rows = of(product.operand());
      List<BitSet> ofPattern =
          product.connectivity().patterns().stream()
              .map(
                  pattern -> {
                    BitSet union = new BitSet();
                    pattern.stream().forEach(r -> union.or(rows[r]));
                    return union;
                  })
              .toList();
      BitSet[] result = new BitSet[product.width()];
      Arrays.setAll(result, m -> ofPattern.get(product.connectivity().patternOfColumn().get(m)));
      return result;
    }

    @Override
    public BitSet[] lookup(Expression.Lookup lookup) {
      BitSet[] values = of(lookup.operand());
      BitSet[] result = new BitSet[lookup.width()];
      Arrays.setAll(result, m -> values[m % values.length]);
      return result;
    }

    @Override
    public BitSet[] unary(Expression.UnaryCall call) {
      return of(call.operand());
    }

    @Override
    public BitSet[] binary(Expression.BinaryCall call) {
      BitSet[] left = of(call.left());
      BitSet[] right = of(call.right());
      BitSet[] result = new BitSet[call.width()];
      Arrays.setAll(result, m -> union(left[m], right[m]));
      return result;
    }

    @Override
    public BitSet[] concat(Expression.Concat concat) {
      return concat.operands().stream().flatMap(o -> Arrays.stream(of(o))).toArray(BitSet[]::new);
    }

    @Override
    public BitSet[] slice(Expression.Slice slice) {
      return Arrays.copyOfRange(of(slice.operand()), slice.from(), slice.from() + slice.width());
    }

    @Override
    public BitSet[] mean(Expression.Mean mean) {
      BitSet[] operand = of(mean.operand());
      BitSet[] unions = new BitSet[mean.groups()];
      Arrays.setAll(unions, g -> new BitSet());
      for (int m = 0; m < operand.length; m++) {
        unions[m % unions.length].or(operand[m]);
      }
      BitSet[] result = new BitSet[operand.length];
      Arrays.setAll(result, m -> unions[m % unions.length]);
      return result;
    }

    /** A value of a head depends on all of its query and of its keys, and on itself. */
    @Override
    public BitSet[] attention(Expression.Attention attention) {
      BitSet[] query = of(attention.query());
      BitSet[] keys = attended(attention.keys());
      BitSet[] values = attended(attention.values());
      int depth = attention.keyWidth();
      for (int h = 0; h < attention.heads(); h++) {
        BitSet weights = new BitSet();
        for (int k = h * depth; k < (h + 1) * depth; k++) {
          weights.or(query[k]);
          weights.or(keys[k]);
        }
        int width = attention.valueWidth();
        for (int v = h * width; v < (h + 1) * width; v++) {
          values[v].or(weights);
        }
      }
      return values;
    }

    private BitSet[] attended(Attended attended) {
      BitSet[] result = new BitSet[attended.width()];
      for (int m = 0; m < result.length; m++) {
        result[m] = new BitSet();
        result[m].set(number(attended.tap(), group(attended.tap(), m)));
      }
      return result;
    }

    private BitSet[] nothing(Expression expression) {
      BitSet[] result = new BitSet[expression.width()];
      Arrays.setAll(result, m -> new BitSet());
      return result;
    }

    private int number(Tap tap, int group) {
      return numbers.computeIfAbsent(
          new MapGroup.Edge(tap, group),
          edge -> {
            edges.add(edge);
            return edges.size() - 1;
          });
    }

    private BitSet union(BitSet a, BitSet b) {
      if (a.equals(b)) {
        return a;
      }
      BitSet union = (BitSet) a.clone();
      union.or(b);
      return union;
    }
  }
}
