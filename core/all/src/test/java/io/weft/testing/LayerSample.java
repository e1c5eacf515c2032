package io.weft.testing;

import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.internal.define.GraphAssembler;
import io.weft.layer.Before;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Concat;
import io.weft.layer.Feature;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.Shift;
import io.weft.layer.Slice;
import io.weft.order.GenerationOrder;
import io.weft.order.Orders;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A layer and what tests apply it to. Immutable.
 *
 * @param layer the layer
 * @param inputs the shapes of its inputs on a grid, which is given as a shape
 * @param feed what a causal model may feed it with
 * @param sight which of its reads show in its derivative
 */
public record LayerSample(
    Layer layer, Function<Shape, List<Shape>> inputs, Feed feed, Sight sight) {

  /** What a causal model may feed a layer with; the proof refuses what is too much. */
  public enum Feed {
    /** Features that see earlier pixels. What comes out may go on at the same pixel. */
    EARLIER,
    /** The same. What comes out has seen all of its row, and goes on in the row below. */
    ROWS,
    /** The image itself, of an earlier pixel: to the layer a value is a level, and no number. */
    LEVELS,
    /** Conditions alone, which are known before the first pixel: the layer looks ahead. */
    KNOWN
  }

  /** Which reads show in the derivative of what comes out, for some weights and inputs. */
  public enum Sight {
    /** All, of every map. */
    EACH_MAP,
    /** All positions, but a map may count only beside others: a gate may be shut. */
    POSITIONS,
    /**
     * The same, but for the first input's own position: over one position attention's weight is 1
     * whatever the query is.
     */
    BESIDE_FIRST
  }

  /** Returns a layer of inputs on one grid, with so many maps each; of one with 6 maps if none. */
  public static LayerSample of(Layer layer, int... maps) {
    int[] all = maps.length == 0 ? new int[] {6} : maps.clone();
    return of(layer, grid -> Arrays.stream(all).mapToObj(grid::withMaps).toList());
  }

  /** Returns a layer of the inputs that {@code shapes} gives for a grid. */
  public static LayerSample of(Layer layer, Function<Shape, List<Shape>> shapes) {
    return new LayerSample(layer, shapes, Feed.EARLIER, Sight.EACH_MAP);
  }

  /** Returns the same, fed otherwise. */
  public LayerSample fedWith(Feed other) {
    return new LayerSample(layer, inputs, other, sight);
  }

  /** Returns the same, seen otherwise. */
  public LayerSample seen(Sight other) {
    return new LayerSample(layer, inputs, feed, other);
  }

  /** Returns the shapes of the inputs on a grid. */
  public Shape[] on(Shape grid) {
    return inputs.apply(grid).toArray(Shape[]::new);
  }

  /** Names the layer. */
  @Override
  public String toString() {
    return layer.toString();
  }

  /** Returns whether the layer is causal in every generation order: so its reads say. */
  public boolean followsOrders() {
    if (feed != Feed.EARLIER && feed != Feed.LEVELS) {
      return false;
    }
    Shape grid = new Shape(4, 3, 1);
    Inputs read =
        new Inputs(
            List.of(on(grid)), Optional.of(Orders.of(List.of(GenerationOrder.random(4, 3, 1)))));
    try {
      return layer.shape(read).sameGrid(grid)
          && read.shapes().stream().allMatch(s -> s.isGlobal() || s.sameGrid(grid))
          && layer.compute(read).taps().stream().allMatch(LayerSample::followsOrders);
    } catch (IllegalArgumentException forRasterAlone) {
      return false;
    }
  }

  private static boolean followsOrders(Tap tap) {
    if (tap.positions() instanceof PositionMap.Offset offset) {
      return offset.rows() == 0 && offset.columns() == 0;
    }
    return tap.isSet()
        || tap.positions() instanceof PositionMap.Earlier
        || tap.positions() instanceof PositionMap.Before
        || tap.positions() instanceof PositionMap.Global;
  }

  /**
   * Applies the layer in a model and returns what may be read at the same pixel.
   *
   * @param picture the image under generation
   * @param features makes a feature of so many maps that sees nothing but earlier pixels
   * @param known makes a feature of a shape that is known before the first pixel
   */
  Feature within(Feature picture, IntFunction<Feature> features, Function<Shape, Feature> known) {
    Shape grid = picture.shape().withMaps(1);
    List<Feature> read = new ArrayList<>();
    for (Shape shape : on(grid)) {
      boolean isFeature = feed != Feed.KNOWN && shape.sameGrid(grid);
      IntFunction<Feature> made = feed == Feed.LEVELS ? maps -> earlier(picture, maps) : features;
      read.add(isFeature ? made.apply(shape.maps()) : known.apply(shape));
    }
    Feature found = read.get(0).apply(layer, read.subList(1, read.size()).toArray(Feature[]::new));
    Feature whole = stretched(found, grid);
    // Of some inputs a layer takes the size alone, but every condition has to have a part.
    List<Integer> used =
        layer.compute(Inputs.of(on(grid))).taps().stream().map(Tap::input).toList();
    for (int i = 0; i < read.size(); i++) {
      if (!used.contains(i)) {
        whole = whole.plus(stretched(read.get(i), grid).conv1x1(whole.shape().maps()));
      }
    }
    return feed == Feed.ROWS ? whole.shiftDown(1) : whole;
  }

  /** The image one pixel before in the order of generation, two before, and so on. */
  private static Feature earlier(Feature picture, int maps) {
    Feature before = picture.apply(new Before());
    Feature all = before;
    while (all.shape().maps() < maps) {
      before = before.apply(new Before());
      all = all.concat(before);
    }
    return all.slice(0, maps);
  }

  private static Feature stretched(Feature feature, Shape grid) {
    return feature.shape().sameGrid(grid)
        ? feature
        : feature.apply(new Stretch(grid.height(), grid.width()));
  }

  /** Returns a causal model in which the layer counts. */
  public Definition model(ImageSpec image) {
    ModelBuilder model = ModelBuilder.of("sample", image);
    Feature first = model.image().apply(CausalConvolution.square(6, 3, MaskType.A));
    List<Condition> conditions = new ArrayList<>();
    Feature found =
        within(
            model.image(),
            maps -> first.conv1x1(maps).tanh(),
            shape -> {
              conditions.add(spatial("known" + conditions.size(), shape));
              return model.condition(conditions.get(conditions.size() - 1));
            });
    Feature sum = first.plus(found.apply(Pointwise.of(6)));
    return model.softmax(sum.tanh().conv1x1(image.channels() * image.levels()));
  }

  static Condition spatial(String name, Shape shape) {
    return new Condition.Spatial(name, shape.height(), shape.width(), shape.maps());
  }

  /**
   * Applies the layer to the image itself, and to what lies beside its pixels, as {@link #sight}
   * allows: nobody says that this be causal.
   *
   * @return the index of the last node
   */
  public int onImage(GraphAssembler graph) {
    Shape image = graph.image().shape();
    List<Integer> read = new ArrayList<>();
    for (Shape shape : on(new Shape(image.height(), image.width(), 1))) {
      int number = read.size();
      int seen = picture(graph, number, shape);
      read.add(
          sight == Sight.EACH_MAP
              ? graph.layer("maps" + number, new Slice(0, shape.maps()), List.of(seen))
              : graph.layer("mixed" + number, Pointwise.of(shape.maps()), List.of(seen)));
    }
    int found = graph.layer("layer", layer, read);
    return sight != Sight.BESIDE_FIRST
        ? found
        : graph.layer(
            "all",
            Pointwise.of(2),
            List.of(graph.layer("both", new Concat(), List.of(found, read.get(0)))));
  }

  /**
   * The image side by side with itself, moved, until there are enough maps; other for each input.
   */
  private int picture(GraphAssembler graph, int number, Shape shape) {
    Shape image = graph.image().shape();
    List<Integer> copies = new ArrayList<>();
    for (int maps = 0; maps < shape.maps(); maps += image.maps()) {
      int move = sight == Sight.EACH_MAP ? number + copies.size() : 0;
      copies.add(
          graph.layer("copy" + number + "of" + maps, new Shift(-move / 2, move % 2), List.of(0)));
    }
    int all = graph.layer("copies" + number, new Concat(), copies);
    return shape.sameGrid(image)
        ? all
        : graph.layer("grid" + number, new Stretch(shape.height(), shape.width()), List.of(all));
  }
}
