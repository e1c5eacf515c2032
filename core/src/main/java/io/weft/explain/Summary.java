package io.weft.explain;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.prove.BlindSpot;
import io.weft.prove.DefinitionReport;
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
    text.append(definition.name()).append(": images of ").append(definition.image());
    text.append(", ").append(definition.distribution().toString().toLowerCase(Locale.ROOT));
    text.append(" output\n\n").append(layers()).append('\n');
    line(text, "layers", "" + (definition.graph().nodes().size() - 1 - conditions().size()));
    line(text, "parameters", parameters());
    line(text, "conditions", conditions().isEmpty() ? "none" : String.join(", ", conditions()));
    if (!definition.graph().orders().rasterAlone()) {
      line(text, "orders", definition.graph().orders().inWords());
    }
    report.blindSpots().forEach(spot -> fields(text, spot));
    line(
        text,
        "dead branches",
        report.deadBranches().isEmpty() ? "none" : String.join(", ", report.deadBranches()));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-16s", name)).append(value).append('\n');
  }

  private void fields(StringBuilder text, BlindSpot spot) {
    String of = definition.image().channels() == 1 ? "" : ", channel " + spot.channel();
    String where = " at (" + report.row() + ", " + report.column() + ")" + of;
    line(text, "receptive field", spot.field() + where);
    line(text, "blind spot", spot + where);
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

  private String layers() {
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
    return table.text();
  }

  @Override
  public String toString() {
    return text();
  }
}
