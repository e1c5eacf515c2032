package io.weft.define;

import io.weft.graph.Condition;
import io.weft.graph.Distribution;
import io.weft.graph.ImageSpec;
import io.weft.graph.LayerGraph;
import io.weft.layer.DefinitionException;
import io.weft.prove.CausalityProof;
import java.util.List;
import java.util.Objects;

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
   * @throws DefinitionException if the output has the wrong shape, the graph leaks, or a condition
   *     is read by nobody
   */
  public static Definition of(LayerGraph graph) {
    Objects.requireNonNull(graph, "graph");
    int maps;
    try {
      maps = graph.distribution().maps(graph.image());
    } catch (IllegalArgumentException e) {
      throw new DefinitionException("model \"" + graph.name() + "\": " + e.getMessage(), e);
    }
    var expected = graph.image().shape().withMaps(maps);
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
      if (!live[i] && graph.nodes().get(i) instanceof io.weft.graph.Node.Given given) {
        throw new DefinitionException(
            "model \""
                + graph.name()
                + "\": condition \""
                + given.name()
                + "\" reaches no output; use it (conditionedOn) or leave it out");
      }
    }
    return new Definition(CausalityProof.of(graph));
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
    if (conditions().size() == 1 && conditions().get(0) instanceof Condition.OneOf only) {
      return only;
    }
    throw new IllegalArgumentException(
        "labels alone are for a model whose only condition is a class, but model \""
            + name()
            + "\" has the conditions "
            + conditions().stream().map(Condition::name).toList()
            + "; give the values of each by name");
  }

  /** Returns the distribution of one colour value. */
  public Distribution distribution() {
    return graph().distribution();
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
