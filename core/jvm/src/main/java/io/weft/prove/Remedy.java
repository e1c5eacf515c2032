package io.weft.prove;

import io.weft.layer.Layer;
import java.util.List;
import java.util.Objects;

/**
 * A way to end a {@linkplain Leak leak}: changes to the declaration that have been tried on the
 * graph, and together end it. Changes of the wiring follow the layer's role in a model; those of a
 * layer of your own are for you to make.
 *
 * @param advice what to do, in words
 * @param changes the same as data, at least one
 */
public record Remedy(String advice, List<Change> changes) {

  /** Freezes the list. */
  public Remedy {
    Objects.requireNonNull(advice, "advice");
    changes = List.copyOf(changes);
  }

  /** A change at one layer. */
  public sealed interface Change {

    /** Returns the full name of the layer that is changed, or reads something else. */
    String layer();
  }

  /**
   * Another layer in the place of one.
   *
   * @param layer the full name of the one
   * @param by the other
   */
  public record Replace(String layer, Layer by) implements Change {}

  /**
   * A layer between another and what it reads.
   *
   * @param layer the full name of the layer that reads
   * @param source the full name of what it reads
   * @param between the layer that is applied to what is read, to be read in its place
   */
  public record Through(String layer, String source, Layer between) implements Change {}

  /**
   * A read less.
   *
   * @param layer the full name of the layer that reads
   * @param source the full name of what it reads
   * @param place where it shall read nothing, such as "(+0, +1)"
   */
  public record LeaveOut(String layer, String source, String place) implements Change {}
}
