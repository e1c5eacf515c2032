package io.weft.explain;

import io.weft.graph.LayerGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The blocks of a model as a tree, read from the "/" in the names of its nodes. */
final class Block {

  private final String name;
  private final List<Integer> nodes = new ArrayList<>();
  private final Map<String, Block> children = new LinkedHashMap<>();

  private Block(String name) {
    this.name = name;
  }

  /** Returns the root, which has no name. */
  static Block of(LayerGraph graph) {
    Block root = new Block("");
    for (int i = 0; i < graph.nodes().size(); i++) {
      String[] path = graph.nodes().get(i).name().split("/", -1);
      Block block = root;
      for (int depth = 0; depth < path.length - 1; depth++) {
        block = block.children.computeIfAbsent(path[depth], Block::new);
      }
      block.nodes.add(i);
    }
    return root;
  }

  /** Returns the last part of a node's name. */
  static String shortName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  String name() {
    return name;
  }

  /** Returns the nodes directly within. */
  List<Integer> nodes() {
    return List.copyOf(nodes);
  }

  /** Returns the nodes within, those of inner blocks too, in the order of declaration. */
  List<Integer> all() {
    Stream<Integer> inner = children.values().stream().flatMap(child -> child.all().stream());
    return Stream.concat(nodes.stream(), inner).sorted().toList();
  }

  List<Block> children() {
    return List.copyOf(children.values());
  }
}
