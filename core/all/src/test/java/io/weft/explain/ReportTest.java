package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.expression.Unary;
import io.weft.graph.Node;
import io.weft.image.Picture;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.prove.PlainModels;
import io.weft.spec.ImageSpec;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** Vector pictures and the page that holds them. */
class ReportTest {

  private static final ImageSpec GREY = new ImageSpec(15, 15, 1, 4);

  static List<Definition> models() {
    return List.of(
        GatedPixelCnn.classConditional(GREY, 10, 3, 8, 3),
        PixelCnn.textbook(new ImageSpec(8, 8, 3, 4), 2, 6, 3),
        PixelCnnPlusPlus.builder(new ImageSpec(8, 8, 3, 256)).maps(4).blocks(1).build(),
        LocallyMaskedPixelCnn.builder(new ImageSpec(8, 8, 1, 2))
            .orders(GenerationOrder.eight(GenerationOrder.sCurve(8, 8)))
            .maps(4)
            .blocks(1)
            .build(),
        PixelRnn.rowLstm(new ImageSpec(6, 6, 3, 4), 2, 4),
        PixelRnn.diagonalBiLstm(new ImageSpec(8, 8, 1, 2), 2, 4),
        PixelSnail.builder(new ImageSpec(5, 5, 1, 4)).maps(4).blocks(1).build(),
        ImageGpt.builder(new ImageSpec(6, 6, 1, 4)).maps(8).blocks(2).heads(2).build(),
        GatedPixelCnn.builder(new ImageSpec(8, 8, 1, 4))
            .maps(4)
            .blocks(1)
            .smallImageCondition("small", 2)
            .build());
  }

  private static Document parsed(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void theLayerGraphIsDrawnWhole(Definition definition) throws Exception {
    String svg = LayerDiagram.svg(definition);
    Document document = parsed(svg);
    var groups = document.getElementsByTagName("g");
    assertEquals(
        definition.graph().nodes().stream().map(Node::name).sorted().toList(),
        IntStream.range(0, groups.getLength())
            .mapToObj(i -> groups.item(i).getFirstChild().getTextContent())
            .sorted()
            .toList());
    long edges =
        definition.graph().nodes().stream()
            .mapToLong(n -> n.inputs().stream().distinct().count())
            .sum();
    // A recurrence has one to itself.
    long loops = definition.graph().recurrences().size();
    assertEquals(edges + loops, count(svg, "class=\"edge\""));
    String blocks = LayerDiagram.ofBlocks(definition);
    parsed(blocks);
    assertTrue(count(blocks, "<g ") < groups.getLength(), "fewer boxes than layers");
    assertEquals(svg, LayerDiagram.svg(definition), "the same graph, the same picture");
  }

  @ParameterizedTest
  @MethodSource("models")
  void thePageNeedsNothingElse(Definition definition) {
    String html = HtmlReport.of(definition);
    assertFalse(
        Pattern.compile("(src|href)=\"(?!#|data:)").matcher(html).find(), "asks for a file");
    assertFalse(html.contains("<script"));
    for (String id : List.of("facts", "graph", "fields", "masks", "orders", "steps")) {
      assertTrue(html.contains("<h2 id=\"" + id + "\">"), id);
    }
    assertEquals(count(html, "<div"), count(html, "</div>"));
    assertEquals(count(html, "<svg"), count(html, "</svg>"));
    assertTrue(count(html, "<svg") > 3, "figures");
  }

  @Test
  void thePageSaysWhichOrderItShows() {
    var family = LocallyMaskedPixelCnn.builder(new ImageSpec(8, 8, 1, 2)).maps(4).blocks(1);
    assertTrue(HtmlReport.of(family.build()).contains("The model has one."));
    GenerationOrder curve = GenerationOrder.sCurve(8, 8);
    String turned = HtmlReport.of(family.build().under(curve));
    String shown = "; all else on this page is of the model under s-curve of 8x8.";
    assertTrue(turned.contains("The weights are for the first" + shown), turned);
    assertTrue(turned.contains("raster of 8x8"));
    String several = HtmlReport.of(family.orders(GenerationOrder.eight(curve)).build());
    assertTrue(several.contains("The weights are for each of these" + shown), several);
  }

  /** A layer of a user's own, whose words are markup. */
  private record Loud() implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0).map(Unary.TANH);
    }

    @Override
    public String summary() {
      return "<script>alert('a&b')</script> \u0001";
    }

    @Override
    public String label() {
      return "loud";
    }
  }

  @Test
  void wordsCannotBreakOut() throws Exception {
    ModelBuilder model = ModelBuilder.of("loud", GREY);
    var masked = CausalConvolution.square(4, 3, MaskType.A);
    Definition definition = model.softmax(model.image().apply(masked).apply(new Loud()));
    parsed(LayerDiagram.svg(definition));
    for (String html : List.of(HtmlReport.of(definition), Summary.of(definition).html())) {
      assertFalse(html.contains("<script"));
      assertTrue(html.contains("&lt;script&gt;alert(&#39;a&amp;b&#39;)"));
    }
  }

  @Test
  void everyLayerThatSeesSomethingElseHasAPicture() {
    Definition plain = PlainModels.plain(GREY, 3);
    var fields = FieldPicture.ofLayers(plain);
    assertEquals("conv3x3", fields.keySet().iterator().next());
    assertTrue(fields.size() >= 3, fields.keySet().toString());
    assertEquals(2, KernelPicture.ofLayers(plain).size(), "type A once, type B once");
  }

  /** The vector picture's rectangles, painted, are the picture of pixels. */
  @Test
  void figuresAreTheSameInBothForms() throws Exception {
    Figure figure = FieldPicture.of(PlainModels.plain(GREY, 3));
    Picture picture = figure.picture();
    var rectangles = parsed(figure.svg()).getElementsByTagName("rect");
    int[][] painted = new int[figure.height()][figure.width()];
    for (int i = 0; i < rectangles.getLength(); i++) {
      var attributes = rectangles.item(i).getAttributes();
      int x = Integer.parseInt(attributes.getNamedItem("x").getNodeValue());
      int y = Integer.parseInt(attributes.getNamedItem("y").getNodeValue());
      int width = Integer.parseInt(attributes.getNamedItem("width").getNodeValue());
      int height = Integer.parseInt(attributes.getNamedItem("height").getNodeValue());
      int colour = Integer.decode(attributes.getNamedItem("fill").getNodeValue());
      for (int r = y; r < Math.min(y + height, figure.height()); r++) {
        Arrays.fill(painted[r], x, Math.min(x + width, figure.width()), colour);
      }
    }
    int same = 0;
    for (int r = 0; r < figure.height(); r++) {
      for (int c = 0; c < figure.width(); c++) {
        same += colour(picture, r, c) == painted[r][c] ? 1 : 0;
      }
    }
    assertTrue(same > 0.95 * figure.height() * figure.width(), "all but the words: " + same);
    assertTrue(parsed(figure.svg()).getElementsByTagName("text").getLength() >= 5);
  }

  /** Four layers, eight winding orders: drawn cell by cell the page had 63 megabytes of orders. */
  @Test
  void thePageOfALargeImageIsSmall() {
    ImageSpec image = new ImageSpec(256, 256, 1, 2);
    List<GenerationOrder> orders = GenerationOrder.eight(GenerationOrder.hilbert(256, 256));
    String page =
        orders.stream().map(order -> OrderPicture.of(order).html()).collect(Collectors.joining());
    assertEquals(8, count(page, "<img alt="));
    assertTrue(page.length() < 2_000_000, "orders: " + page.length());
    String fields =
        FieldPicture.ofLayers(PlainModels.plain(image, 3)).values().stream()
            .map(Figure::html)
            .collect(Collectors.joining());
    assertTrue(count(fields, "<svg") >= 3, "few rectangles, and sharp");
    assertTrue(fields.length() < 300_000, "fields: " + fields.length());
  }

  @Test
  void aGridHasTheColourOfEachCellAndLinesBetween() {
    Random random = new Random(3);
    int[][] colours = new int[7][9];
    for (int[] row : colours) {
      Arrays.setAll(row, column -> random.nextInt(3) == 0 ? 0x112233 : 0x445566);
    }
    Canvas canvas = new Canvas(60, 70);
    new Grid(7, 9, 5, (row, column) -> colours[row][column]).draw(canvas, 3, 4);
    Picture picture = canvas.figure("grid").picture();
    for (int row = 0; row <= 7 * 5; row++) {
      for (int column = 0; column <= 9 * 5; column++) {
        boolean isLine = row % 5 == 0 || column % 5 == 0;
        int expected = isLine ? Palette.LINE : colours[row / 5][column / 5];
        assertEquals(expected, colour(picture, 3 + row, 4 + column), row + ", " + column);
      }
    }
  }

  @Test
  void anOrdersLineJoinsWhatFollowsOnEachOther() {
    for (String name : List.of("hilbert", "s-curve", "raster", "random:3")) {
      GenerationOrder order = GenerationOrder.named(name, 8, 8);
      Picture picture = OrderPicture.of(order).picture();
      int[] ranks = new int[64];
      for (int rank = 0; rank < 64; rank++) {
        ranks[order.position(rank)] = rank;
      }
      for (int row = 0; row < 8; row++) {
        for (int column = 0; column < 7; column++) {
          int here = row * 8 + column;
          int line = colour(picture, 42 + row * 28 + 14, 16 + (column + 1) * 28);
          boolean isJoined = Math.abs(ranks[here] - ranks[here + 1]) == 1;
          assertEquals(isJoined ? Palette.BLIND : Palette.LINE, line, name + " at " + here);
        }
      }
    }
  }

  private static int colour(Picture picture, int row, int column) {
    return picture.value(row, column, 0) << 16
        | picture.value(row, column, 1) << 8
        | picture.value(row, column, 2);
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
