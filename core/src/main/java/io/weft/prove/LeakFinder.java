package io.weft.prove;

import io.weft.expression.PositionMap;
import io.weft.expression.Shape;
import io.weft.expression.Tap;
import io.weft.graph.ImageSpec;
import io.weft.graph.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the edge to blame for a leak. Many edges carry a leaked value; the one to blame is the one
 * that could be mended at the least loss.
 *
 * <p>Where only the colours of one pixel are out of order, that is the layer which mixes maps that
 * were still apart before it. Elsewhere, for each edge that carries the leak, two remedies are
 * tried on the whole graph: a mask, which drops the reads that see what they must not, and a shift
 * by one row. Among those that end the leak for good, that one is named which leaves the most of
 * the lawful context, to the output first and then to all layers within.
 */
final class LeakFinder {

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

  /** Links to be mended together: a single one, or those with one role in several blocks. */
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

  Leak find() {
    List<int[]> all = seen();
    int[] seen = nearest(all);
    List<Suspect> suspects = suspects();
    boolean coloursOnly = image.channels() > 1 && all.stream().allMatch(v -> v[0] == position);
    Verdict mixing = coloursOnly ? mixing(suspects) : null;
    Verdict verdict = mixing == null ? leastLoss(suspects) : mixing;
    Link link = verdict.first();
    return new Leak(
        groups.graph().nodes().get(link.layer()).name(),
        groups.graph().nodes().get(link.source()).name(),
        link.tap().label(),
        position / image.width(),
        position % image.width(),
        channel,
        seen[0] / image.width(),
        seen[0] % image.width(),
        seen[1],
        verdict.suspect().links().size() - 1,
        mixing == null ? remedy(verdict) : Leak.Remedy.ORDER_COLOURS);
  }

  private Leak.Remedy remedy(Verdict verdict) {
    Link link = verdict.first();
    boolean own = link.tap().positions().equals(ownPosition(link));
    if (!verdict.shift()
        && own
        && groups.graph().nodes().get(link.source()) instanceof Node.Image) {
      return Leak.Remedy.MASK_INPUT;
    }
    // The row above is earlier under raster order only.
    if (!groups.graph().order().isRaster()) {
      return Leak.Remedy.FOLLOW_ORDER;
    }
    return verdict.shift() ? Leak.Remedy.SHIFT : Leak.Remedy.MASK;
  }

  private PositionMap ownPosition(Link link) {
    Shape shape = groups.graph().nodes().get(link.source()).shape();
    return new PositionMap.Offset(0, 0, shape.height(), shape.width());
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
    for (MapGroup group : groups.all()) {
      Node node = groups.node(group);
      BitSet mine = new BitSet();
      for (int q = 0; q < node.shape().positions(); q++) {
        mine.set(q, node instanceof Node.Image && isForbidden(q, group.maps().get(0)));
        for (MapGroup.Edge edge : group.edges()) {
          int source = source(node.shape(), edge.tap(), q);
          if (source != PositionMap.NONE && found[edge.source()].get(source)) {
            mine.set(q);
            break;
          }
        }
      }
      found[group.index()] = mine;
    }
    return found;
  }

  private static int source(Shape shape, Tap tap, int q) {
    return tap.positions().source(q / shape.width(), q % shape.width());
  }

  private boolean isTainted(int group, int q) {
    return tainted[group].get(q);
  }

  /** The single suspect, or those of one role, that could be mended at the least loss. */
  private Verdict leastLoss(List<Suspect> single) {
    Map<String, List<Suspect>> roles = new LinkedHashMap<>();
    single.forEach(
        s -> roles.computeIfAbsent(role(s.links().get(0)), r -> new ArrayList<>()).add(s));
    Comparator<Verdict> better =
        Comparator.comparingInt(Verdict::kept)
            .thenComparing(v -> -v.suspect().links().size())
            .thenComparing(v -> -v.harm())
            .thenComparingInt(Verdict::states)
            .thenComparingInt(v -> lateness(v.first().tap()))
            .thenComparing(v -> -v.first().layer());
    return Stream.concat(
            single.stream(), roles.values().stream().filter(r -> r.size() > 1).map(Suspect::of))
        .flatMap(s -> Stream.of(verdict(s, false), verdict(s, true)))
        .filter(Objects::nonNull)
        .max(better)
        .orElseThrow();
  }

  /** The reads by which colours that were apart are mixed, if mending them is enough. */
  private @Nullable Verdict mixing(List<Suspect> suspects) {
    List<Suspect> mixing =
        suspects.stream()
            .filter(s -> isMixed(s.links().get(0).layer()))
            .filter(s -> !isMixed(s.links().get(0).source()))
            .toList();
    return mixing.isEmpty() ? null : verdict(Suspect.of(mixing), false);
  }

  /** Whether of a node's maps at the leaking pixel none is as the output must have it. */
  private boolean isMixed(int node) {
    return position >= groups.graph().nodes().get(node).shape().positions()
        || groups.ofNode(node).stream().allMatch(g -> isTainted(g.index(), position));
  }

  /** How far ahead in raster order a place lies. */
  private int lateness(Tap tap) {
    return tap.positions() instanceof PositionMap.Offset offset
        ? offset.rows() * 2 * image.width() + offset.columns()
        : 0;
  }

  /** The links that carry the leak to the output. */
  private List<Suspect> suspects() {
    Map<Link, Suspect> suspects = new LinkedHashMap<>();
    for (MapGroup group : groups.all()) {
      Shape shape = groups.node(group).shape();
      BitSet visited = reach.positions(group);
      visited.and(tainted[group.index()]);
      for (MapGroup.Edge edge : group.edges()) {
        Link link = link(group, edge);
        Suspect suspect =
            suspects.computeIfAbsent(link, l -> new Suspect(List.of(l), new Edges(), new Edges()));
        suspect.all().add(group, edge);
        if (visited.stream()
            .map(q -> source(shape, edge.tap(), q))
            .anyMatch(q -> q != PositionMap.NONE && isTainted(edge.source(), q))) {
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

  private String shortName(int node) {
    String name = groups.graph().nodes().get(node).name();
    return name.substring(name.lastIndexOf('/') + 1).replaceFirst("_\\d+$", "");
  }

  /** What mending the suspect leaves, or null if the leak goes on. */
  private @Nullable Verdict verdict(Suspect suspect, boolean shift) {
    Reach.Step mended =
        (group, edge, q) -> {
          Shape shape = groups.node(group).shape();
          if (shift && suspect.all().contains(group, edge)) {
            return q < shape.width()
                ? PositionMap.NONE
                : source(shape, edge.tap(), q - shape.width());
          }
          return suspect.carrying().contains(group, edge) && !shift
              ? PositionMap.NONE
              : source(shape, edge.tap(), q);
        };
    // Only tainted values lead to forbidden ones, and they are few: see first whether it helps.
    Reach.Step leaking =
        (group, edge, q) -> {
          int at = mended.source(group, edge, q);
          return at != PositionMap.NONE && isTainted(edge.source(), at) ? at : PositionMap.NONE;
        };
    if (seesForbidden(Reach.of(groups, outputs, position, leaking))) {
      return null;
    }
    Reach after = Reach.of(groups, outputs, position, mended);
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
