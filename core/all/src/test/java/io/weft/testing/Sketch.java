package io.weft.testing;

import io.weft.define.Definition;
import io.weft.distribution.Distribution;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.define.GraphAssembler;
import io.weft.layer.Add;
import io.weft.layer.Feature;
import io.weft.layer.FeatureScope;
import io.weft.layer.Layer;
import io.weft.order.Orders;
import io.weft.prove.Remedy;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A declaration as a list of applications, which may be wrong, and can be changed. */
public final class Sketch implements FeatureScope {

  /** A layer of one's own that can leave out a place. */
  public interface Mendable extends Layer {
    /** Returns the same layer without one place, named as messages do. */
    Layer without(String place);
  }

  /**
   * An application of a layer.
   *
   * @param name its full name
   * @param layer the layer
   * @param inputs full names of what it reads
   */
  public record Step(String name, Layer layer, List<String> inputs) {}

  private final String name;
  private final ImageSpec image;
  private final Orders orders;
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final GraphAssembler shapes;

  /** Starts a declaration. */
  public Sketch(String name, ImageSpec image, Orders orders) {
    this.name = name;
    this.image = image;
    this.orders = orders;
    this.shapes = GraphAssembler.of(name, image, orders);
  }

  private Sketch(Sketch of, List<Step> steps) {
    this(of.name, of.image, of.orders);
    conditions.addAll(of.conditions);
    this.steps.addAll(steps);
  }

  /** Returns the declaration of a graph. */
  public static Sketch of(LayerGraph graph) {
    Sketch sketch = new Sketch(graph.name(), graph.image(), graph.orders());
    sketch.conditions.addAll(graph.conditions());
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Applied applied) {
        List<String> inputs =
            applied.inputs().stream().map(i -> graph.nodes().get(i).name()).toList();
        sketch.steps.add(new Step(applied.name(), applied.layer(), inputs));
      }
    }
    return sketch;
  }

  /** Returns the image. */
  public Feature image() {
    return new Feature(this, 0, "image", image.shape());
  }

  @Override
  public Feature apply(String given, Layer layer, List<Feature> inputs) {
    String full = given.isEmpty() ? layer.label() + "_" + steps.size() : given;
    steps.add(new Step(full, layer, inputs.stream().map(Feature::name).toList()));
    int id = shapes.layer(full, layer, inputs.stream().map(Feature::id).toList());
    return new Feature(this, id, full, shapes.node(id).shape());
  }

  /** Returns the applications. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Returns the declaration with one application in place of another of the same name. */
  public Sketch with(Step step) {
    return changed(s -> s.name().equals(step.name()) ? List.of(step) : List.of(s));
  }

  /** Returns the declaration with more applications. */
  public Sketch changed(Function<Step, List<Step>> change) {
    return new Sketch(this, steps.stream().flatMap(s -> change.apply(s).stream()).toList());
  }

  /** Returns the proven definition whose last application is the output. */
  public Definition define(Distribution distribution) {
    return define(steps.get(steps.size() - 1).name(), distribution);
  }

  /** Returns the proven definition with the given output. */
  public Definition define(String output, Distribution distribution) {
    GraphAssembler graph = GraphAssembler.of(name, image, orders);
    Map<String, Integer> numbers = new HashMap<>(Map.of("image", 0));
    conditions.forEach(c -> numbers.put(c.name(), graph.condition(c)));
    for (Step step : steps) {
      List<Integer> inputs = step.inputs().stream().map(numbers::get).toList();
      numbers.put(step.name(), graph.layer(step.name(), step.layer(), inputs));
    }
    return Definition.of(graph.graph(numbers.get(output), distribution));
  }

  /** Does what a remedy says. */
  public Sketch mended(Remedy remedy) {
    Sketch mended = this;
    for (Remedy.Change change : remedy.changes()) {
      mended = mended.mended(change);
    }
    return mended;
  }

  private Sketch mended(Remedy.Change change) {
    Step step =
        steps.stream().filter(s -> s.name().equals(change.layer())).findFirst().orElseThrow();
    if (change instanceof Remedy.Replace replace) {
      return with(new Step(step.name(), replace.by(), step.inputs()));
    }
    if (change instanceof Remedy.Through through) {
      String between = step.name() + "_through_" + steps.size();
      Step first = new Step(between, through.between(), List.of(through.source()));
      List<String> inputs =
          step.inputs().stream().map(i -> i.equals(through.source()) ? between : i).toList();
      Step then = new Step(step.name(), step.layer(), inputs);
      return changed(s -> s.equals(step) ? List.of(first, then) : List.of(s));
    }
    Remedy.LeaveOut less = (Remedy.LeaveOut) change;
    if (step.layer() instanceof Add) {
      List<String> others = step.inputs().stream().filter(i -> !i.equals(less.source())).toList();
      return with(new Step(step.name(), step.layer(), others));
    }
    return with(
        new Step(step.name(), ((Mendable) step.layer()).without(less.place()), step.inputs()));
  }
}
