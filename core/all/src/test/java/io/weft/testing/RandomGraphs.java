package io.weft.testing;

import com.example.EarlierSum;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.layer.Activation;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Feature;
import io.weft.layer.Gate;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.PositionalNormalisation;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import io.weft.order.GenerationOrder;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Random causal layer graphs: branches, sums, concatenations, gates, shifts, dilations, colour
 * groups, strides and the way back, recurrences, conditions of every kind, batch normalisation and
 * every activation. The same seed gives the same graph, for good: new layers come as guests, by a
 * {@link LayerSample} each, and every guest has graphs of its own.
 */
public final class RandomGraphs {

  /**
   * Every feature has a multiple of this many maps, so that any can be added, gated and grouped.
   */
  private static final int MAPS = 6;

  private final SplittableRandom random;
  private final ModelBuilder model;
  private final ColourGroups colours;
  private final List<Feature> conditions = new ArrayList<>();

  /** Depends on strictly earlier values at its own position, under the colour groups. */
  private final List<Feature> earlier = new ArrayList<>();

  /** Has seen all of its own row: only a shift down brings it to the others. */
  private final List<Feature> rows = new ArrayList<>();

  /** Whether every layer follows the generation order, so that there may be any. */
  private final boolean ordered;

  private final Optional<LayerSample> guest;

  /** Says where the guest comes in: the other numbers stay what they are without it. */
  private final SplittableRandom places;

  /** What guests made: each counts in the end. */
  private final List<Feature> visits = new ArrayList<>();

  private int guests;

  private RandomGraphs(long seed, boolean ordered, Optional<LayerSample> guest) {
    this.ordered = ordered;
    this.guest = guest;
    places = new SplittableRandom(~seed);
    random = new SplittableRandom(seed);
    ImageSpec image =
        new ImageSpec(
            1 + random.nextInt(6),
            1 + random.nextInt(6),
            1 + random.nextInt(3),
            2 + random.nextInt(3));
    model =
        ordered
            ? ModelBuilder.of("ordered-" + seed, image, orders(image))
            : ModelBuilder.of("random-" + seed, image);
    colours = ColourGroups.of(image.channels());
  }

  public static Definition of(long seed) {
    return new RandomGraphs(seed, false, Optional.empty()).build();
  }

  /** Returns a graph under random orders: of its layers each follows them. */
  public static Definition ordered(long seed) {
    return new RandomGraphs(seed, true, Optional.empty()).build();
  }

  /**
   * Returns a graph in which a layer of the registry has its part: of a layer that follows any
   * order, every second one is under random orders.
   */
  public static Definition with(LayerSample guest, long seed) {
    boolean ordered = seed % 2 != 0 && guest.followsOrders();
    return new RandomGraphs(seed, ordered, Optional.of(guest)).build();
  }

  private List<GenerationOrder> orders(ImageSpec image) {
    int height = image.height();
    int width = image.width();
    List<GenerationOrder> all = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      GenerationOrder base =
          switch (random.nextInt(4)) {
            case 0 -> GenerationOrder.raster(height, width);
            case 1 -> GenerationOrder.sCurve(height, width);
            case 2 -> GenerationOrder.hilbert(height, width);
            default -> GenerationOrder.random(height, width, random.nextInt(100));
          };
      all.add(one(GenerationOrder.eight(base)));
    }
    return all.stream().distinct().toList();
  }

  /** Returns random values for all conditions of a definition. */
  public static ConditionValues conditions(Definition definition, SplittableRandom random) {
    ConditionValues values = ConditionValues.none();
    for (Condition condition : definition.conditions()) {
      float[] numbers = new float[condition.shape().positions() * condition.shape().maps()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) (2 * random.nextDouble() - 1);
      }
      if (condition instanceof Condition.OneOf oneOf) {
        values = values.withLabel(condition.name(), random.nextInt(oneOf.count()));
      } else if (condition instanceof Condition.Vector) {
        values = values.withVector(condition.name(), numbers);
      } else {
        values = values.withMap(condition.name(), numbers);
      }
    }
    return values;
  }

  /** Returns a random image of a definition. */
  public static int[] image(Definition definition, SplittableRandom random) {
    return random.ints(definition.image().values(), 0, definition.image().levels()).toArray();
  }

  private Definition build() {
    if (random.nextInt(3) == 0) {
      conditions.add(model.classCondition("class", 1 + random.nextInt(4)));
    }
    if (random.nextInt(3) == 0) {
      conditions.add(model.vectorCondition("vector", 1 + random.nextInt(4)));
    }
    if (random.nextInt(3) == 0) {
      conditions.add(model.spatialCondition("map", 1 + random.nextInt(3)));
    }
    earlier.add(first());
    if (!ordered) {
      rows.add(model.image().apply(CausalConvolution.vertical(MAPS, odd(3), odd(3), MaskType.B)));
    }
    int layers = 2 + random.nextInt(9);
    for (int i = 0; i < layers; i++) {
      if (!ordered && random.nextInt(3) == 0) {
        rows.add(rowLayer());
      } else {
        earlier.add(layer());
      }
      if (guest.isPresent() && places.nextInt(4) == 0) {
        visits.add(visit(guest.get()).conv1x1(MAPS));
        earlier.add(visits.get(visits.size() - 1));
      }
    }
    Feature last = earlier.get(earlier.size() - 1);
    if (guest.isPresent()) {
      visits.add(visit(guest.get()).conv1x1(MAPS));
    }
    for (Feature visit : visits) {
      last = last.plus(fit(visit, last.shape().maps()));
    }
    for (Feature condition : conditions) {
      last = last.conditionedOn(condition);
    }
    if (!ordered && random.nextBoolean()) {
      last = last.plus(fit(rows.get(rows.size() - 1).shiftDown(1), last.shape().maps()));
    }
    ImageSpec image = model.imageSpec();
    Distribution distribution =
        image.levels() == 2 && random.nextBoolean()
            ? Distribution.bernoulli()
            : Distribution.softmax();
    Feature logits = last.apply(Pointwise.of(distribution.maps(image)).withColours(colours));
    return model.build(logits, distribution);
  }

  private Feature first() {
    int kernel = 3 + 2 * random.nextInt(2);
    return model
        .image()
        .apply(
            ordered || random.nextBoolean()
                ? CausalConvolution.square(MAPS, kernel, MaskType.A).withColours(colours)
                : CausalConvolution.horizontal(MAPS, kernel, MaskType.A).withColours(colours));
  }

  private int odd(int most) {
    return 1 + 2 * random.nextInt(most / 2 + 1);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Feature fit(Feature feature, int maps) {
    return feature.shape().maps() == maps
        ? feature
        : feature.apply(Pointwise.of(maps).withColours(colours));
  }

  /** A layer that keeps the colour groups: map m belongs to channel m mod channels. */
  private Feature layer() {
    Feature x = one(earlier);
    int maps = x.shape().maps();
    int kind = random.nextInt(12);
    return switch (ordered && List.of(1, 7, 8).contains(kind) ? 0 : kind) {
      case 0 ->
          x.apply(
              CausalConvolution.square(MAPS, odd(5), MaskType.B)
                  .withDilation(1 + random.nextInt(3))
                  .withColours(colours));
      case 1 ->
          x.apply(
                  CausalConvolution.horizontal(2 * MAPS, odd(5), MaskType.B)
                      .withColours(colours.withOutputParts(2)))
              .apply(new Gate());
      case 2 -> x.apply(Pointwise.of(2 * MAPS).withColours(colours.withOutputParts(2))).gate();
      case 3 -> x.plus(fit(one(earlier), maps));
      case 4 -> fit(x.concat(one(earlier)), MAPS);
      case 5 -> normalised(x);
      case 6 -> x.apply(new Activation(one(List.of(Activation.Function.values()))));
      case 7 -> random.nextBoolean() ? x.shiftDown(1 + random.nextInt(2)) : x.shiftRight(1);
      case 8 -> x.plus(fit(one(rows).shiftDown(1), maps));
      case 10 -> x.apply(ordered ? new EarlierSum() : Echo.of(random.nextInt(3)));
      case 9 -> conditions.isEmpty() ? x.dropout(0.5) : x.conditionedOn(one(conditions));
      default -> x.slice(0, MAPS).relu();
    };
  }

  /** A guest may mix what is its inputs', so these see nothing of their own pixel. */
  private Feature visit(LayerSample sample) {
    return sample.within(
        model.image(),
        maps -> {
          Feature x = earlier.get(places.nextInt(earlier.size()));
          return colours.isNone()
              ? x.conv1x1(maps).tanh()
              : x.apply(CausalConvolution.square(maps, 3, MaskType.A));
        },
        shape -> model.condition(LayerSample.spatial("guest" + guests++, shape)));
  }

  private Feature normalised(Feature x) {
    return random.nextBoolean()
        ? x.batchNormalisation()
        : x.apply(
            new PositionalNormalisation(
                0.1, colours.isNone() ? 1 + random.nextInt(2) : colours.channels()));
  }

  private Feature rowLayer() {
    Feature x = one(rows);
    return switch (random.nextInt(7)) {
      case 6 -> x.apply(Echo.rightToLeft());
      case 5 -> {
        var strided = ShiftedConvolution.down(MAPS, 1 + random.nextInt(2), odd(3)).withStride(2);
        yield x.apply(strided).tanh().apply(TransposedShiftedConvolution.of(strided), x);
      }
      case 0 ->
          x.apply(
              CausalConvolution.vertical(MAPS, odd(3), odd(5), MaskType.B)
                  .withDilation(1 + random.nextInt(2)));
      case 1 -> x.conv1x1(2 * MAPS).gate();
      case 2 -> conditions.isEmpty() ? x.batchNormalisation() : x.conditionedOn(one(conditions));
      case 3 -> x.concat(one(rows)).conv1x1(MAPS).elu();
      default -> x.apply(new Activation(one(List.of(Activation.Function.values()))));
    };
  }
}
