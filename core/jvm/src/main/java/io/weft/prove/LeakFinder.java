package io.weft.prove;

import io.weft.expression.PositionMap;
import io.weft.expression.Ranks;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.prove.MapGroup;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Reach;
import io.weft.internal.prove.Schedule;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Convolution;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the edge to blame for a leak. Many edges carry a leaked value; the one to blame is the one
 * that could be mended at the least loss.
 *
 * <p>Where only the colours of one pixel are out of order, that is the layer which {@linkplain
 * ColourRepair mixes} maps that were still apart before it. Elsewhere, for each edge that carries
 * the leak, two remedies are tried on the whole graph: a mask, which drops the reads that see what
 * they must not, and a shift by one row. Among those that end the leak for good, that one is named
 * which leaves the most of the lawful context, to the output first and then to all layers within.
 */
final class LeakFinder {

  /** So many ways to mend a leak are looked at for one that leaves none. */
  private static final int PROVEN = 4;

  /** So many for one that ends this leak, where there are others. */
  private static final int TRIED = 32;

  private final MapGroups groups;
  private final ImageSpec image;
  private final List<MapGroup> outputs;
  private final int position;
  private final int channel;
  private final int step;
  private final Reach reach;

  /** For each group the positions whose values see what the output must not see. */
  private final BitSet[] tainted;

  /** All reads of a node by a layer at one place. */
  private record Link(int layer, Tap tap, int source) {}

  /** Edges of groups, edges told apart by identity. */
  private static final class Edges {
    private final IdentityHashMap<MapGroup.Edge, BitSet> groups = new IdentityHashMap<>();

    void add(MapGroup group, MapGroup.Edge edge) {
      groups.computeIfAbsent(edge, e -> new BitSet()).set(group.index());
    }

    void addAll(Edges others) {
      others.groups.forEach((e, g) -> groups.computeIfAbsent(e, k -> new BitSet()).or(g));
    }

    boolean contains(MapGroup group, MapGroup.Edge edge) {
      BitSet of = groups.get(edge);
      return of != null && of.get(group.index());
    }
  }

  /**
   * Links to be mended together: a single one, those with one role in several blocks, or all by
   * which a layer reads another.
   *
   * @param links the links that carry the leak
   * @param all all reads by the same layers of the same nodes, which a shift moves together
   * @param carrying the reads that carry the leak
   */
  private record Suspect(List<Link> links, Edges all, Edges carrying) {
    static Suspect of(List<Suspect> suspects) {
      Suspect sum = new Suspect(new ArrayList<>(), new Edges(), new Edges());
      for (Suspect suspect : suspects) {
        sum.links.addAll(suspect.links);
        sum.all.addAll(suspect.all);
        sum.carrying.addAll(suspect.carrying);
      }
      return sum;
    }
  }

  /** How a remedy does: a shift is judged by what it moves in vain, a mask by what it leaves. */
  private record Verdict(Suspect suspect, boolean shift, int kept, int states, int harm) {
    Link first() {
      return suspect.links().get(0);
    }

    /** How many reads are mended. */
    int reads() {
      return shift ? suspect.all().groups.size() : suspect.links().size();
    }
  }

  LeakFinder(MapGroups groups, int position, int channel) {
    this.groups = groups;
    this.image = groups.graph().image();
    this.outputs = groups.outputsOf(channel);
    this.position = position;
    this.channel = channel;
    this.step = Schedule.step(groups.graph(), position, channel);
    this.reach = Reach.of(groups, outputs, position);
    this.tainted = taint();
  }

  /** Returns the leak at the late value nearest to the middle of the image. */
  static Leak find(Schedule schedule, List<int[]> late) {
    ImageSpec image = schedule.groups().graph().image();
    int[] value =
        late.stream()
            .min(
                Comparator.comparingInt(
                    v ->
                        Math.abs(v[0] / image.width() - image.height() / 2)
                            + Math.abs(v[0] % image.width() - image.width() / 2)))
            .orElseThrow();
    return new LeakFinder(schedule.groups(), value[0], value[1]).find();
  }

  private Leak find() {
    boolean coloursOnly = image.channels() > 1 && seen().stream().allMatch(v -> v[0] == position);
    if (coloursOnly) {
      Optional<Leak> colours =
          ColourRepair.of(groups.graph(), position, channel).flatMap(this::leak);
      if (colours.isPresent()) {
        return colours.get();
      }
    }
    List<Verdict> verdicts = verdicts(suspects());
    return leak(verdicts, PROVEN, this::isProven)
        .or(() -> leak(verdicts, TRIED, this::isCured))
        .orElseGet(
            () -> {
              List<Leak.Edge> edges = edges(verdicts.get(0));
              Remedies none = new Remedies(groups.graph(), edges, changes -> false);
              return leak(edges, List.of(none.readLess()));
            });
  }

  /** Where colour groups do not help, earlier pixels alone can be read. */
  private Optional<Leak> leak(ColourRepair.Found found) {
    Remedies others = new Remedies(groups.graph(), found.blamed(), this::isCured);
    List<Remedy> remedies = found.remedy().map(List::of).orElseGet(others::ofOwnPosition);
    return remedies.isEmpty() ? Optional.empty() : Optional.of(leak(found.blamed(), remedies));
  }

  private Leak leak(List<Leak.Edge> edges, List<Remedy> remedies) {
    int[] nearest = nearest(seen());
    return new Leak(edges, value(position, channel), value(nearest[0], nearest[1]), remedies);
  }

  /** The first of so many verdicts that has a remedy. */
  private Optional<Leak> leak(
      List<Verdict> verdicts, int most, Predicate<List<Remedy.Change>> cured) {
    for (Verdict verdict : verdicts.subList(0, Math.min(most, verdicts.size()))) {
      List<Leak.Edge> edges = edges(verdict);
      List<Remedy> remedies = remedies(new Remedies(groups.graph(), edges, cured), verdict);
      if (!remedies.isEmpty()) {
        return Optional.of(leak(edges, remedies));
      }
    }
    return Optional.empty();
  }

  private List<Leak.Edge> edges(Verdict verdict) {
    return verdict.suspect().links().stream().map(this::edge).distinct().toList();
  }

  private List<Remedy> remedies(Remedies remedies, Verdict verdict) {
    if (verdict.shift()) {
      return isOnOtherGrid(verdict) ? remedies.ofOtherGrid() : remedies.ofLateRows();
    }
    boolean own = verdict.suspect().links().stream().allMatch(this::isOwnPosition);
    return own ? remedies.ofOwnPosition() : remedies.ofPlace();
  }

  private boolean isOwnPosition(Link link) {
    Shape shape = groups.graph().nodes().get(link.source()).shape();
    return link.tap().positions() instanceof Ranks ranks
        ? !ranks.span().isStrict()
        : link.tap()
            .positions()
            .equals(new PositionMap.Offset(0, 0, shape.height(), shape.width()));
  }

  /** Whether changes end the leak of this value. */
  private boolean isCured(List<Remedy.Change> changes) {
    MapGroups theirs = MapGroups.of(Rewiring.of(groups.graph(), changes));
    return !seesForbidden(Reach.of(theirs, theirs.outputsOf(channel), position));
  }

  /** Whether changes end all leaks, under all orders. */
  private boolean isProven(List<Remedy.Change> changes) {
    LayerGraph graph = groups.graph();
    return Stream.concat(Stream.of(graph.order()), graph.orders().declared().stream())
        .distinct()
        .allMatch(
            order -> Schedule.of(MapGroups.of(Rewiring.under(graph, order, changes))).isOnTime());
  }

  private BlindSpot.Value value(int at, int of) {
    return new BlindSpot.Value(at / image.width(), at % image.width(), of);
  }

  private Leak.Edge edge(Link link) {
    return new Leak.Edge(
        groups.graph().nodes().get(link.layer()).name(),
        groups.graph().nodes().get(link.source()).name(),
        link.tap().label());
  }

  /** The forbidden values that are seen, as (position, channel). */
  private List<int[]> seen() {
    List<int[]> seen = new ArrayList<>();
    for (int p = 0; p < image.pixels(); p++) {
      for (int c = 0; c < image.channels(); c++) {
        if (isForbidden(p, c) && reach.contains(p, c)) {
          seen.add(new int[] {p, c});
        }
      }
    }
    return seen;
  }

  /** The nearest value; of one pixel's channels the last. */
  private int[] nearest(List<int[]> values) {
    return values.stream()
        .min(Comparator.<int[]>comparingInt(v -> distance(v[0])).thenComparing(v -> -v[1]))
        .orElseThrow();
  }

  private boolean isForbidden(int p, int c) {
    return Schedule.step(groups.graph(), p, c) >= step;
  }

  private int distance(int p) {
    return Math.abs(p / image.width() - position / image.width())
        + Math.abs(p % image.width() - position % image.width());
  }

  private BitSet[] taint() {
    BitSet[] found = new BitSet[groups.count()];
    Arrays.setAll(found, group -> new BitSet());
    groups.inOrder(
        (group, front) -> {
          Node node = groups.node(group);
          for (int q : front) {
            boolean forbidden = node instanceof Node.Image && isForbidden(q, group.maps().get(0));
            boolean reads =
                group.edges().stream()
                    .anyMatch(edge -> reads(node.shape(), edge.tap(), q, found[edge.source()]));
            found[group.index()].set(q, forbidden || reads);
          }
        });
    return found;
  }

  /** Whether any of some positions is read for {@code q}. */
  private static boolean reads(Shape shape, Tap tap, int q, BitSet some) {
    if (tap.positions() instanceof Ranks ranks) {
      int end = ranks.end(q);
      return IntStream.range(ranks.start(end), end)
          .map(ranks.order()::position)
          .anyMatch(some::get);
    }
    int source = source(shape, tap, q);
    return source != PositionMap.NONE && some.get(source);
  }

  private static int source(Shape shape, Tap tap, int q) {
    return tap.source(q / shape.width(), q % shape.width());
  }

  private boolean isTainted(int group, int q) {
    return tainted[group].get(q);
  }

  /** How to mend one place, or else, where only more than one would help, all that leak. */
  private List<Verdict> verdicts(List<Suspect> suspects) {
    List<Verdict> apart = leastLoss(suspects);
    return apart.isEmpty() ? List.of(new Verdict(Suspect.of(suspects), false, 0, 0, 0)) : apart;
  }

  /** The suspects, single and together, and how to mend them, those of the least loss first. */
  private List<Verdict> leastLoss(List<Suspect> single) {
    Map<Object, List<Suspect>> alike = new LinkedHashMap<>();
    for (Suspect suspect : single) {
      Link link = suspect.links().get(0);
      for (Object likeness : likenesses(link)) {
        alike.computeIfAbsent(likeness, l -> new ArrayList<>()).add(suspect);
      }
    }
    Comparator<Verdict> better =
        Comparator.comparing(this::isOnOtherGrid)
            .thenComparing(Verdict::kept)
            .thenComparing(v -> -v.reads())
            .thenComparing(v -> -v.harm())
            .thenComparingInt(Verdict::states)
            .thenComparingInt(v -> lateness(v.first().tap()))
            .thenComparing(v -> -v.first().layer());
    return Stream.concat(
            single.stream(), alike.values().stream().filter(r -> r.size() > 1).map(Suspect::of))
        .flatMap(s -> Stream.of(verdict(s, false), verdict(s, true)))
        .filter(Objects::nonNull)
        .sorted(better.reversed())
        .toList();
  }

  /**
   * Whether attention is to blame for taking the order of another grid for that of the pixels.
   * Something else may be mended at less loss, but that would not tell what is wrong.
   */
  private boolean isOnOtherGrid(Verdict verdict) {
    List<Node> nodes = groups.graph().nodes();
    return verdict.suspect().links().stream()
        .allMatch(
            link ->
                link.tap().isSet()
                    && !nodes.get(link.source()).shape().sameGrid(nodes.get(0).shape()));
  }

  /** What a link may have in common with others; attention takes keys and values together. */
  private List<Object> likenesses(Link link) {
    List<Object> all = new ArrayList<>(List.of(role(link), reader(link), roleOfReader(link)));
    if (link.tap().isSet()) {
      all.add(link.layer());
      all.add(shortName(link.layer()));
    }
    return all;
  }

  /** How far ahead in raster order a place lies. */
  private int lateness(Tap tap) {
    return groups.graph().order().isRaster() && tap.positions() instanceof PositionMap.Offset offset
        ? offset.rows() * 2 * image.width() + offset.columns()
        : 0;
  }

  /** The links that carry the leak to the output. */
  private List<Suspect> suspects() {
    Map<Link, Suspect> suspects = new LinkedHashMap<>();
    Map<Reader, Edges> ofReaders = new HashMap<>();
    for (MapGroup group : groups.all()) {
      Shape shape = groups.node(group).shape();
      BitSet visited = reach.positions(group);
      visited.and(tainted[group.index()]);
      for (MapGroup.Edge edge : group.edges()) {
        Link link = link(group, edge);
        Edges all = ofReaders.computeIfAbsent(reader(link), r -> new Edges());
        all.add(group, edge);
        Suspect suspect =
            suspects.computeIfAbsent(link, l -> new Suspect(List.of(l), all, new Edges()));
        if (visited.stream().anyMatch(q -> reads(shape, edge.tap(), q, tainted[edge.source()]))) {
          suspect.carrying().add(group, edge);
        }
      }
    }
    return suspects.values().stream().filter(s -> !s.carrying().groups.isEmpty()).toList();
  }

  private Link link(MapGroup group, MapGroup.Edge edge) {
    return new Link(group.node(), edge.tap(), groups.get(edge.source()).node());
  }

  /** Layers with one name in different blocks that read the same place of the same kind. */
  private String role(Link link) {
    return shortName(link.layer()) + " " + shortName(link.source()) + " " + link.tap().label();
  }

  private record Reader(int layer, int source) {}

  /** All places at which a layer reads another. */
  private static Reader reader(Link link) {
    return new Reader(link.layer(), link.source());
  }

  /** The same of layers with one name in different blocks. */
  private String roleOfReader(Link link) {
    return shortName(link.layer()) + " " + shortName(link.source());
  }

  private String shortName(int node) {
    String name = groups.graph().nodes().get(node).name();
    return name.substring(name.lastIndexOf('/') + 1).replaceFirst("_\\d+$", "");
  }

  /**
   * A layer of the library reads all places of its kind; only type A leaves the own one out, and a
   * causal convolution in the place of one on all sides what is late. A recurrence may go the wrong
   * way for an order, and is to blame then.
   */
  private boolean canLeaveOut(Link link) {
    Node.Applied reader = (Node.Applied) groups.graph().nodes().get(link.layer());
    if (link.tap().positions() instanceof Ranks ranks && ranks.span().isStrict()) {
      return false;
    }
    return link.tap().isOwn()
        || !Remedies.isOfWeft(reader.layer())
        || reader.layer() instanceof Convolution
        || (reader.layer() instanceof CausalConvolution && isOwnPosition(link))
        || reader.expression().taps().stream().filter(t -> t.input() == link.tap().input()).count()
            == 1;
  }

  /** Nothing can be put between a layer and its own output. */
  private static boolean canShift(Link link) {
    return !link.tap().isOwn();
  }

  /** What mending the suspect leaves, or null if the leak goes on. */
  private @Nullable Verdict verdict(Suspect suspect, boolean shift) {
    if (!suspect.links().stream().allMatch(shift ? LeakFinder::canShift : this::canLeaveOut)) {
      return null;
    }
    // Only tainted values lead to forbidden ones, and they are few: see first whether it helps.
    Reach.Step all = mended(suspect, shift);
    Reach.Step leaking =
        (group, edge, q, visitor) ->
            all.each(
                group,
                edge,
                q,
                at -> {
                  if (isTainted(edge.source(), at)) {
                    visitor.accept(at);
                  }
                });
    if (seesForbidden(Reach.of(groups, outputs, position, leaking))) {
      return null;
    }
    Reach after = Reach.of(groups, outputs, position, mended(suspect, shift));
    int kept = 0;
    for (int p = 0; p < image.pixels(); p++) {
      for (int c = 0; c < image.channels(); c++) {
        kept += reach.contains(p, c) && after.contains(p, c) ? 1 : 0;
      }
    }
    return shift
        ? new Verdict(suspect, true, kept, 0, harm(suspect))
        : new Verdict(suspect, false, kept, lawfulStates(after), 0);
  }

  /** What is read, for one walk, when a suspect is mended. */
  private Reach.Step mended(Suspect suspect, boolean shift) {
    Reach.Runs runs = new Reach.Runs();
    return (group, edge, q, visitor) -> {
      int width = groups.node(group).shape().width();
      boolean moved = shift && suspect.all().contains(group, edge);
      boolean masked = !shift && suspect.carrying().contains(group, edge);
      if (edge.tap().positions() instanceof Ranks ranks) {
        // Of a span only the own position can be left out.
        int end = masked ? ranks.order().rank(q) : ranks.end(q);
        IntConsumer above = p -> visitAbove(p, width, visitor);
        runs.each(List.of(group.index(), edge), ranks, end, moved ? above : visitor);
      } else if (moved && q >= width) {
        edge.tap().positions().each((q - width) / width, q % width, visitor);
      } else if (!moved && !masked) {
        edge.tap().positions().each(q / width, q % width, visitor);
      }
    };
  }

  private static void visitAbove(int position, int width, IntConsumer visitor) {
    if (position >= width) {
      visitor.accept(position - width);
    }
  }

  /** How many values of layers that see nothing forbidden are still read. */
  private int lawfulStates(Reach after) {
    int count = 0;
    for (MapGroup group : groups.all()) {
      BitSet lawful = reach.positions(group);
      lawful.and(after.positions(group));
      lawful.andNot(tainted[group.index()]);
      count += lawful.cardinality();
    }
    return count;
  }

  /** How many reads that see nothing forbidden a shift would move as well. */
  private int harm(Suspect suspect) {
    int count = 0;
    for (MapGroup group : groups.all()) {
      BitSet lawful = reach.positions(group);
      lawful.andNot(tainted[group.index()]);
      for (MapGroup.Edge edge : group.edges()) {
        count += suspect.all().contains(group, edge) ? lawful.cardinality() : 0;
      }
    }
    return count;
  }

  private boolean seesForbidden(Reach within) {
    for (int p = 0; p < image.pixels(); p++) {
      for (int c = 0; c < image.channels(); c++) {
        if (isForbidden(p, c) && within.contains(p, c)) {
          return true;
        }
      }
    }
    return false;
  }
}
