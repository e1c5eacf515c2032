package io.weft.prove;

import io.weft.expression.Expression;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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

  /** Returns all groups; a group comes after what it reads. */
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

    @Override
    public List<Part> applied(Node.Applied applied) {
      List<MapGroup.Edge> atoms = new ArrayList<>();
      BitSet[] dependence = new Atoms(applied, atoms).of(applied.expression());
      Map<BitSet, List<Integer>> byDependence = new LinkedHashMap<>();
      for (int m = 0; m < dependence.length; m++) {
        byDependence.computeIfAbsent(dependence[m], d -> new ArrayList<>()).add(m);
      }
      List<Part> parts = new ArrayList<>();
      byDependence.forEach(
          (own, maps) -> parts.add(new Part(maps, own.stream().mapToObj(atoms::get).toList())));
      return parts;
    }
  }

  /** Finds which (tap, group) pairs each map of an expression reads. */
  private final class Atoms implements Expression.Cases<BitSet[]> {
    private final Node.Applied node;
    private final List<MapGroup.Edge> edges;
    private final Map<MapGroup.Edge, Integer> numbers = new LinkedHashMap<>();
    private final IdentityHashMap<Expression, BitSet[]> known = new IdentityHashMap<>();

    Atoms(Node.Applied node, List<MapGroup.Edge> edges) {
      this.node = node;
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
      int source = node.inputs().get(read.tap().input());
      BitSet[] result = new BitSet[read.width()];
      for (int m = 0; m < result.length; m++) {
        result[m] = new BitSet();
        result[m].set(number(read.tap(), ofMap(source, m).index()));
      }
      return result;
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
