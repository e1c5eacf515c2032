package io.weft.prove;

import io.weft.expression.Expression;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import java.util.ArrayList;
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
    Map<BitSet, List<Integer>> byDependence = new LinkedHashMap<>();
    List<MapGroup.Edge> atoms = new ArrayList<>();
    if (node instanceof Node.Applied applied) {
      BitSet[] dependence = new Atoms(applied, atoms).of(applied.expression());
      for (int m = 0; m < dependence.length; m++) {
        byDependence.computeIfAbsent(dependence[m], d -> new ArrayList<>()).add(m);
      }
    } else if (node instanceof Node.Image) {
      for (int m = 0; m < node.shape().maps(); m++) {
        BitSet own = new BitSet();
        own.set(m);
        byDependence.put(own, List.of(m));
      }
    } else {
      byDependence.put(new BitSet(), IntStream.range(0, node.shape().maps()).boxed().toList());
    }
    List<MapGroup> mine = new ArrayList<>();
    int[] ofMap = new int[node.shape().maps()];
    byDependence.forEach(
        (dependence, maps) -> {
          List<MapGroup.Edge> edges =
              node instanceof Node.Applied
                  ? dependence.stream().mapToObj(atoms::get).toList()
                  : List.of();
          MapGroup group = new MapGroup(groups.size(), index, maps, edges);
          maps.forEach(m -> ofMap[m] = group.index());
          groups.add(group);
          mine.add(group);
        });
    ofNode.add(List.copyOf(mine));
    groupOfMap.add(ofMap);
  }

  /** Finds which (tap, group) pairs each map of an expression reads. */
  private final class Atoms {
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
        found = compute(expression);
        known.put(expression, found);
      }
      return found;
    }

    private BitSet[] compute(Expression e) {
      BitSet[] result = new BitSet[e.width()];
      if (e instanceof Expression.Read read) {
        int source = node.inputs().get(read.tap().input());
        for (int m = 0; m < result.length; m++) {
          result[m] = new BitSet();
          result[m].set(number(read.tap(), ofMap(source, m).index()));
        }
      } else if (e instanceof Expression.Product product) {
        product(product, result);
      } else if (e instanceof Expression.BinaryCall call) {
        BitSet[] left = of(call.left());
        BitSet[] right = of(call.right());
        for (int m = 0; m < result.length; m++) {
          result[m] = union(left[m], right[m]);
        }
      } else if (e instanceof Expression.UnaryCall call) {
        System.arraycopy(of(call.operand()), 0, result, 0, result.length);
      } else if (e instanceof Expression.Slice slice) {
        System.arraycopy(of(slice.operand()), slice.from(), result, 0, result.length);
      } else if (e instanceof Expression.Concat concat) {
        int at = 0;
        for (Expression operand : concat.operands()) {
          System.arraycopy(of(operand), 0, result, at, operand.width());
          at += operand.width();
        }
      } else if (e instanceof Expression.Mean mean) {
        BitSet[] operand = of(mean.operand());
        BitSet[] unions = new BitSet[mean.groups()];
        java.util.Arrays.setAll(unions, g -> new BitSet());
        for (int m = 0; m < operand.length; m++) {
          unions[m % unions.length].or(operand[m]);
        }
        java.util.Arrays.setAll(result, m -> unions[m % unions.length]);
      } else {
        java.util.Arrays.setAll(result, m -> new BitSet());
      }
      return result;
    }

    private void product(Expression.Product product, BitSet[] result) {
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
      for (int m = 0; m < result.length; m++) {
        result[m] = ofPattern.get(product.connectivity().patternOfColumn().get(m));
      }
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
