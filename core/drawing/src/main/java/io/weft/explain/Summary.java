package io.weft.explain;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.prove.BlindSpot;
import io.weft.prove.ConditionField;
import io.weft.prove.DefinitionReport;
import io.weft.spec.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A model as a page of text: its layers in a table, and what the causality proof knows of it. */
public final class Summary {

  private final Definition definition;
  private final DefinitionReport report;

  private Summary(Definition definition, DefinitionReport report) {
    this.definition = definition;
    this.report = report;
  }

  /** Returns the summary, the receptive field being that of the pixel in the middle. */
  public static Summary of(Definition definition) {
    return new Summary(definition, DefinitionReport.of(definition.proof()));
  }

  /**
   * Returns the summary, the receptive field being that of a given pixel.
   *
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public static Summary at(Definition definition, int row, int column) {
    return new Summary(definition, DefinitionReport.at(definition.proof(), row, column));
  }

  /** Returns the text, lines ending in a line feed. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(heading()).append("\n\n").append(layers().text()).append('\n');
    for (Fact fact : facts()) {
      text.append(String.format(Locale.ROOT, "%-15s ", fact.name()));
      text.append(fact.value()).append('\n');
    }
    return text.toString();
  }

  /**
   * Returns the same as a fragment of HTML: a heading, the layers and the facts as tables. It has
   * neither scripts nor styles of its own.
   */
  public String html() {
    Table facts = new Table("what", "value");
    facts().forEach(fact -> facts.row(fact.name(), fact.value()));
    return "<h3>" + Markup.escaped(heading()) + "</h3>\n" + layers().html() + facts.html();
  }

  private String heading() {
    return definition.name()
        + ": images of "
        + definition.image()
        + ", "
        + definition.distribution().toString().toLowerCase(Locale.ROOT)
        + " output";
  }

  /** Something that is known of the model as a whole. */
  record Fact(String name, String value) {}

  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    int layers = definition.graph().nodes().size() - 1 - conditions().size();
    facts.add(new Fact("layers", "" + layers));
    facts.add(new Fact("parameters", parameters()));
    facts.add(
        new Fact("conditions", conditions().isEmpty() ? "none" : String.join(", ", conditions())));
    if (!definition.graph().orders().rasterAlone()) {
      facts.add(new Fact("orders", definition.graph().orders().inWords()));
    }
    for (BlindSpot spot : report.blindSpots()) {
      String of = definition.image().channels() == 1 ? "" : ", channel " + spot.channel();
      String where = " at (" + report.row() + ", " + report.column() + ")" + of;
      facts.add(new Fact("receptive field", spot.field() + where));
      facts.add(new Fact("blind spot", spot + where));
    }
    for (Condition condition : definition.conditions()) {
      if (condition instanceof Condition.Spatial) {
        ConditionField field =
            ConditionField.of(definition.proof(), condition.name(), report.row(), report.column());
        String where = " at (" + report.row() + ", " + report.column() + ")";
        facts.add(new Fact("sees of " + condition.name(), field + where));
      }
    }
    List<String> dead = report.deadBranches();
    facts.add(new Fact("dead branches", dead.isEmpty() ? "none" : String.join(", ", dead)));
    return facts;
  }

  private String parameters() {
    long measured =
        definition.graph().parameters().values().stream()
            .filter(p -> !p.trainable())
            .mapToLong(Parameter::size)
            .sum();
    String learned = String.format(Locale.ROOT, "%,d learned", definition.parameterCount());
    return measured == 0
        ? learned
        : learned + String.format(Locale.ROOT, ", %,d measured", measured);
  }

  private List<String> conditions() {
    return definition.conditions().stream().map(NodeText::of).toList();
  }

  private Table layers() {
    LayerGraph graph = definition.graph();
    Table table = new Table("name", "layer", "output", ">parameters", "reads");
    for (Node node : graph.nodes()) {
      long size =
          node instanceof Node.Applied applied
              ? applied.parameters().stream().mapToLong(Parameter::size).sum()
              : 0;
      table.row(
          node.name(),
          NodeText.kind(node),
          node.shape().toString(),
          size == 0 ? "" : String.format(Locale.ROOT, "%,d", size),
          node.inputs().stream()
              .map(i -> graph.nodes().get(i).name())
              .collect(Collectors.joining(", ")));
    }
    return table;
  }

  @Override
  public String toString() {
    return text();
  }
}
