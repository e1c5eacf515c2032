package io.weft.explain;

import io.weft.define.Definition;
import io.weft.graph.Node;
import io.weft.prove.BlindSpot;
import io.weft.spec.ImageSpec;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the distribution of one colour value sees, as a picture: the pixel itself, what it sees (in
 * colour images the darker the more channels), its blind spot, earlier pixels beyond the box that
 * the receptive field spans, and what is generated later.
 */
public final class FieldPicture {

  private static final int MARGIN = 16;

  private final String title;
  private final BlindSpot spot;
  private final ImageSpec image;
  private final int cell;

  private FieldPicture(String title, BlindSpot spot) {
    this.title = title;
    this.spot = spot;
    this.image = spot.field().image();
    this.cell = Math.max(4, Math.min(28, 640 / Math.max(image.height(), image.width())));
  }

  /**
   * Returns the picture for the last colour channel of the pixel in the middle.
   *
   * @param definition the model
   */
  public static Figure of(Definition definition) {
    ImageSpec image = definition.image();
    return of(definition, image.height() / 2, image.width() / 2, image.channels() - 1);
  }

  /**
   * Returns the picture for one colour value.
   *
   * @param definition the model
   * @param row the pixel's row
   * @param column the pixel's column
   * @param channel the colour channel
   * @throws IndexOutOfBoundsException if there is no such value
   */
  public static Figure of(Definition definition, int row, int column, int channel) {
    String title =
        definition.name()
            + ": pixel ("
            + row
            + ", "
            + column
            + ")"
            + (definition.image().channels() == 1 ? "" : " channel " + channel);
    return new FieldPicture(title, BlindSpot.of(definition.proof(), row, column, channel)).draw();
  }

  /**
   * Returns the picture for a feature within the network, all of its maps together, at the pixel in
   * the middle.
   *
   * @param feature the full name of the feature, such as "block_2/gate"
   * @throws IllegalArgumentException if no feature has that name, or it has another height or width
   *     than the image
   */
  public static Figure ofFeature(Definition definition, String feature) {
    ImageSpec image = definition.image();
    return ofFeature(definition, feature, image.height() / 2, image.width() / 2);
  }

  /**
   * Returns the picture for a feature within the network at a pixel.
   *
   * @param feature the full name of the feature, such as "block_2/gate"
   * @param row the pixel's row
   * @param column the pixel's column
   * @throws IllegalArgumentException if no feature has that name, or it has another height or width
   *     than the image
   * @throws IndexOutOfBoundsException if there is no such pixel
   */
  public static Figure ofFeature(Definition definition, String feature, int row, int column) {
    return of(feature, BlindSpot.ofFeature(definition.proof(), feature, row, column));
  }

  private static Figure of(String feature, BlindSpot spot) {
    String title = feature + " at (" + spot.field().row() + ", " + spot.field().column() + ")";
    return new FieldPicture(title, spot).draw();
  }

  /**
   * Returns a picture for each layer that sees something else than those before it, at the pixel in
   * the middle, by the layers' names in the order of declaration. Layers of another height or width
   * than the image have none.
   */
  public static Map<String, Figure> ofLayers(Definition definition) {
    return ofDifferent(spotsOfLayers(definition));
  }

  /** Returns a picture for each spot that differs from those before it. */
  static Map<String, Figure> ofDifferent(Map<String, BlindSpot> spots) {
    Set<BlindSpot> known = new HashSet<>();
    Map<String, Figure> figures = new LinkedHashMap<>();
    spots.forEach(
        (name, spot) -> {
          if (known.add(spot)) {
            figures.put(name, of(name, spot));
          }
        });
    return figures;
  }

  /**
   * Returns the blind spot of each layer whose positions are pixels, at the pixel in the middle.
   */
  static Map<String, BlindSpot> spotsOfLayers(Definition definition) {
    ImageSpec image = definition.image();
    int row = image.height() / 2;
    int column = image.width() / 2;
    Map<String, BlindSpot> spots = new LinkedHashMap<>();
    for (Node layer : definition.graph().layersOnPixels()) {
      String name = layer.name();
      spots.put(name, BlindSpot.ofFeature(definition.proof(), name, row, column));
    }
    return spots;
  }

  private Figure draw() {
    Grid grid = new Grid(image.height(), image.width(), cell, this::colour);
    int top = MARGIN + Canvas.LINE + 6;
    Legend legend = legend();
    int width = Math.max(grid.width(), Math.max(legend.width(), Canvas.width(title))) + 2 * MARGIN;
    Canvas canvas = new Canvas(top + grid.height() + MARGIN + legend.height() + MARGIN, width);
    canvas.words(MARGIN, MARGIN, title);
    grid.draw(canvas, top, MARGIN);
    legend.draw(canvas, top + grid.height() + MARGIN, MARGIN);
    return canvas.figure(title);
  }

  private int colour(int row, int column) {
    if (row == spot.field().row() && column == spot.field().column()) {
      return Palette.ITSELF;
    }
    int seen = spot.field().channelsSeen(row, column);
    if (seen > 0) {
      return seen(seen);
    }
    if (!spot.isEarlier(row, column, 0)) {
      return Palette.LATER;
    }
    return spot.inBox(row, column) ? Palette.BLIND : Palette.BEYOND;
  }

  private int seen(int channels) {
    return Palette.shade(Palette.SEEN, (double) channels / image.channels());
  }

  private Legend legend() {
    Legend legend = new Legend().add(Palette.ITSELF, "the pixel itself");
    if (image.channels() == 1) {
      legend.add(Palette.SEEN, "seen: " + pixels(spot.field().pixels()));
    } else {
      for (int k = image.channels(); k > 0; k--) {
        legend.add(seen(k), "seen: " + k + " of " + image.channels() + " channels");
      }
    }
    return legend
        .add(Palette.BLIND, "blind spot: " + pixels(blind()))
        .add(Palette.BEYOND, "earlier, out of reach")
        .add(Palette.LATER, "later, never seen");
  }

  /** Pixels of which nothing is seen: where some colours are, the shade says how many. */
  private int blind() {
    return (int)
        IntStream.range(0, image.pixels())
            .filter(p -> colour(p / image.width(), p % image.width()) == Palette.BLIND)
            .count();
  }

  private static String pixels(int count) {
    return count == 0 ? "none" : count + (count == 1 ? " pixel" : " pixels");
  }
}
