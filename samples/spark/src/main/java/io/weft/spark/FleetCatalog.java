package io.weft.spark;

import io.weft.json.LayerCatalog;
import java.io.Serializable;

/**
 * Says which layers of a program's own its models have, on every worker: their classes must be on
 * the class path there. It travels: what it captures must be {@link Serializable}, which is checked
 * when it is given.
 */
@FunctionalInterface
public interface FleetCatalog extends Serializable {

  /** Returns the layers that models may have. */
  LayerCatalog catalog();
}
