package io.weft.explain;

import io.weft.define.Definition;
import io.weft.graph.Node;
import io.weft.internal.files.AtomicFile;
import io.weft.order.GenerationOrder;
import io.weft.prove.BlindSpot;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * All that is to be said of a model on one page of HTML, which needs no other file and no network:
 * what it is, the layer graph, what each layer sees and misses, the kernels' masks, the generation
 * orders, and what a step of sampling computes.
 *
 * <p>The page stays small, below some megabytes: of each kind of figure the first 24 are shown, and
 * those of large images that would take thousands of rectangles are pictures of pixels.
 */
public final class HtmlReport {

  /** Of a kind; what layers see the same is shown once, but very deep models have many. */
  private static final int MOST_FIGURES = 24;

  /** Of larger models the blocks are shown first. */
  private static final int MOST_LAYERS = 120;

  private final Definition definition;
  private final StringBuilder html = new StringBuilder();

  private HtmlReport(Definition definition) {
    this.definition = definition;
  }

  /** Returns the page. */
  public static String of(Definition definition) {
    return new HtmlReport(definition).page();
  }

  /**
   * Writes the page, replacing the file only when the new one is whole.
   *
   * @throws IOException if writing fails
   */
  public static void write(Definition definition, Path file) throws IOException {
    byte[] bytes = of(definition).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private String page() {
    facts();
    graph();
    fields();
    masks();
    orders();
    steps();
    return HtmlPage.of(
        definition.name(),
        definition.toString(),
        "<nav><a href=\"#facts\">Facts</a><a href=\"#graph\">Layer graph</a>"
            + "<a href=\"#fields\">Receptive fields</a><a href=\"#masks\">Masks</a>"
            + "<a href=\"#orders\">Orders</a><a href=\"#steps\">Sampling</a></nav>",
        html);
  }

  private void section(String id, String title, String words) {
    html.append("<h2 id=\"").append(id).append("\">").append(title).append("</h2>\n<p>");
    html.append(words).append("</p>\n");
  }

  private void facts() {
    section(
        "facts",
        "Facts",
        "The model is causal, by proof: no distribution can see the value that it is of, or a later"
            + " one. All of this is derived from what the layers compute.");
    Table table = new Table("what", "value");
    Summary.of(definition).facts().forEach(fact -> table.row(fact.name(), fact.value()));
    html.append(table.html());
  }

  private void graph() {
    section(
        "graph",
        "Layer graph",
        "<span class=\"key a\">mask type A</span>"
            + "<span class=\"key b\">mask type B</span>"
            + "<span class=\"key shifted\">shifted convolution</span>"
            + " a thick frame is the output, a dashed one reaches no output.");
    String all = LayerDiagram.svg(definition);
    if (definition.graph().nodes().size() <= MOST_LAYERS) {
      wide("Layer graph", all);
    } else {
      wide("Graph of the blocks", LayerDiagram.ofBlocks(definition));
      html.append("<details><summary>all layers</summary>\n");
      wide("Layer graph", all);
      html.append("</details>\n");
    }
  }

  /** Puts what may be larger than the window where it can be scrolled, also by keyboard. */
  private void wide(String label, String what) {
    html.append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html.append(label).append("\">\n").append(what).append("</div>\n");
  }

  private void fields() {
    ImageSpec image = definition.image();
    int row = image.height() / 2;
    int column = image.width() / 2;
    section(
        "fields",
        "Receptive field and blind spot of each layer",
        String.format(
            Locale.ROOT,
            "What each layer sees from the pixel in the middle, (%d, %d), of %d pixels; its blind"
                + " spot is what comes earlier and lies within the box of what is seen, yet is not"
                + " seen.",
            row,
            column,
            image.pixels()));
    Table table = new Table("layer", "computes", "output", ">pixels seen", ">blind spot");
    Map<String, BlindSpot> spots = FieldPicture.spotsOfLayers(definition);
    for (Node layer : definition.graph().layersOnPixels()) {
      BlindSpot spot = spots.get(layer.name());
      table.row(
          layer.name(),
          NodeText.kind(layer),
          layer.shape().toString(),
          "" + spot.field().pixels(),
          "" + spot.pixels());
    }
    wide("Layers", table.html());
    html.append("<p>The output, and layers that see something else than those before:</p>\n");
    List<Figure> figures = new ArrayList<>(List.of(FieldPicture.of(definition)));
    figures.addAll(FieldPicture.ofDifferent(spots).values());
    figures(figures);
  }

  private void figures(Collection<Figure> figures) {
    html.append("<div class=\"figures\">\n");
    figures.stream().limit(MOST_FIGURES).forEach(figure -> html.append(figure.html()));
    html.append("</div>\n");
    if (figures.size() > MOST_FIGURES) {
      html.append("<p>and ").append(figures.size() - MOST_FIGURES).append(" more.</p>\n");
    }
  }

  private void masks() {
    section("masks", "Kernel masks", "What the kernels read; blocks that repeat are shown once.");
    figures(KernelPicture.ofLayers(definition).values());
  }

  private void orders() {
    List<GenerationOrder> declared = definition.orders();
    Set<GenerationOrder> all = new LinkedHashSet<>(declared);
    all.add(definition.order());
    String first = declared.size() == 1 ? "the first" : "the first " + declared.size();
    String which = all.size() == declared.size() ? "each of these" : first;
    section(
        "orders",
        "Generation orders",
        all.size() == 1
            ? "The model has one."
            : "The weights are for "
                + which
                + "; all else on this page is of the model under "
                + Markup.escaped(definition.order().toString())
                + ".");
    figures(all.stream().map(OrderPicture::of).toList());
  }

  private void steps() {
    section(
        "steps",
        "What sampling computes",
        "For each new colour value only what has changed is computed; the rest is kept.");
    String steps = SamplingSummary.of(definition).text();
    wide("Steps", "<pre>" + Markup.escaped(steps) + "</pre>\n");
  }
}
