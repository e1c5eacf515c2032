package io.weft.prove;

import io.weft.graph.LayerGraph;
import io.weft.internal.Count;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Layer;
import io.weft.layer.MapNormalisation;
import io.weft.layer.Pointwise;
import io.weft.layer.Support;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Ends a leak in which only the colours of one pixel are out of order, by colour groups.
 *
 * <p>The first layer that {@linkplain Levels mixes} is given colour groups, or, if it can have
 * none, the layers that lay out what it reads are; again and again, until nothing leaks.
 */
final class ColourRepair {

  private static final int MOST_PARTS = 8;

  private final Map<String, Layer> changed = new LinkedHashMap<>();
  private Levels now;

  private ColourRepair(LayerGraph graph, int position) {
    this.now = new Levels(graph, position);
  }

  /**
   * What a repair has found.
   *
   * @param blamed the reads by which colours are mixed first
   * @param remedy the colour groups that end the leak, if some do
   */
  record Found(List<Leak.Edge> blamed, Optional<Remedy> remedy) {}

  /** Returns who mixes the colours of a channel at a position, if somebody does. */
  static Optional<Found> of(LayerGraph graph, int position, int channel) {
    return new ColourRepair(graph, position).find(channel);
  }

  private Optional<Found> find(int channel) {
    List<Leak.Edge> blamed = now.firstMixing(channel).stream().map(now::edge).toList();
    // Each round puts one layer right, or a channel more.
    for (int round = 0; round < now.graph().nodes().size(); round++) {
      int next = now.leaks(channel) ? channel : now.firstLeaking();
      if (next < 0 || !mend(next)) {
        break;
      }
    }
    boolean isMended = !changed.isEmpty() && !now.leaks(channel);
    Optional<Remedy> remedy = isMended ? Optional.of(remedy(blamed)) : Optional.empty();
    return blamed.isEmpty() ? Optional.empty() : Optional.of(new Found(blamed, remedy));
  }

  /** Says it of the first of the layers alone: those with other groups are data. */
  private Remedy remedy(List<Leak.Edge> blamed) {
    String first = changed.keySet().iterator().next();
    int others = changed.size() - 1;
    boolean itself = first.equals(blamed.get(0).layer());
    String who =
        (itself ? "it" : first) + (others == 0 ? "" : ", and " + Count.of(others, "other layer"));
    Layer layer = changed.get(first);
    String advice =
        layer instanceof MapNormalisation normalisation
            ? "Let it normalise each colour's maps apart (withChannels("
                + normalisation.channels()
                + "))"
            : "Give "
                + who
                + (others == 0 ? "" : ",")
                + " colour groups (withColours), "
                + words(coloursOf(layer))
                + ", so that channels see earlier ones only";
    return new Remedy(
        advice,
        changed.entrySet().stream()
            .map(e -> (Remedy.Change) new Remedy.Replace(e.getKey(), e.getValue()))
            .toList());
  }

  private static String words(ColourGroups groups) {
    return "ColourGroups.of("
        + groups.channels()
        + ")"
        + (groups.inputParts() == 1 ? "" : ".withInputParts(" + groups.inputParts() + ")")
        + (groups.outputParts() == 1 ? "" : ".withOutputParts(" + groups.outputParts() + ")");
  }

  /** Mends the layers that mix first for a channel; returns whether there were and it helped. */
  private boolean mend(int channel) {
    Set<Integer> mixing = new TreeSet<>();
    now.firstMixing(channel).forEach(link -> mixing.add(link.layer()));
    for (int layer : mixing) {
      if (!mend(layer, channel)) {
        return false;
      }
    }
    return !mixing.isEmpty();
  }

  /** Takes what leaves a layer mixing for the fewest channels, and not for this one. */
  private boolean mend(int layer, int channel) {
    Levels best = null;
    Map<Integer, Layer> with = Map.of();
    for (Map<Integer, Layer> option : options(layer)) {
      Levels tried = now.with(option);
      if (tried != null
          && !tried.mixes(layer, channel)
          && (best == null || tried.mixed(layer) < best.mixed(layer))) {
        best = tried;
        with = option;
      }
    }
    if (best == null) {
      return false;
    }
    with.forEach((node, by) -> changed.put(now.graph().nodes().get(node).name(), by));
    now = best;
    return true;
  }

  private List<Map<Integer, Layer>> options(int layer) {
    int channels = now.channels();
    List<Map<Integer, Layer>> options = new ArrayList<>();
    Layer own = now.layer(layer);
    if (own instanceof MapNormalisation normalisation) {
      options.add(Map.of(layer, normalisation.withChannels(channels)));
    }
    ColourGroups old = coloursOf(own);
    if (old != null) {
      for (int parts = 1; parts <= MOST_PARTS; parts++) {
        var groups = new ColourGroups(channels, parts, old.outputParts());
        options.add(Map.of(layer, withColours(own, groups)));
      }
      return options;
    }
    Set<Integer> laying = layingOut(layer);
    if (!laying.isEmpty()) {
      IntStream.rangeClosed(1, MOST_PARTS).forEach(p -> options.add(laidOut(laying, p)));
    }
    for (int one : laying) {
      IntStream.rangeClosed(1, MOST_PARTS).forEach(p -> options.add(laidOut(Set.of(one), p)));
    }
    return options;
  }

  /** Layers with an output in so many parts. */
  private Map<Integer, Layer> laidOut(Set<Integer> nodes, int parts) {
    Map<Integer, Layer> option = new TreeMap<>();
    for (int node : nodes) {
      Layer layer = now.layer(node);
      int in = coloursOf(layer).inputParts();
      option.put(node, withColours(layer, new ColourGroups(now.channels(), in, parts)));
    }
    return option;
  }

  /** The nearest layers before one that have colour groups, and know this pixel's colours. */
  private Set<Integer> layingOut(int layer) {
    Set<Integer> found = new TreeSet<>();
    Set<Integer> seen = new HashSet<>();
    List<Integer> open = new ArrayList<>(List.of(layer));
    while (!open.isEmpty()) {
      for (Levels.Link link : now.ownReads(open.remove(open.size() - 1))) {
        int source = link.source();
        if (seen.add(source) && now.knowsColours(source)) {
          if (coloursOf(now.layer(source)) != null) {
            found.add(source);
          } else {
            open.add(source);
          }
        }
      }
    }
    return found;
  }

  /** The colour groups of a layer that can have some, or null. */
  private static @Nullable ColourGroups coloursOf(@Nullable Layer layer) {
    if (layer instanceof Pointwise pointwise) {
      return pointwise.colours();
    }
    return layer instanceof CausalConvolution convolution
            && convolution.support() != Support.VERTICAL
        ? convolution.colours()
        : null;
  }

  private static Layer withColours(Layer layer, ColourGroups groups) {
    return layer instanceof Pointwise pointwise
        ? pointwise.withColours(groups)
        : ((CausalConvolution) layer).withColours(groups);
  }
}
