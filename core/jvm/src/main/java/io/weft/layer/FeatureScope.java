package io.weft.layer;

import io.weft.spec.DefinitionException;
import java.util.List;

/** Where features come from: the graph under construction that records each application. */
public interface FeatureScope {

  /**
   * Records the application of a layer.
   *
   * @param name the name within the current block; empty for the layer's own label, numbered
   * @param layer the layer
   * @param inputs features of this scope
   * @return the new feature
   * @throws DefinitionException if the inputs do not fit or belong to another model
   */
  Feature apply(String name, Layer layer, List<Feature> inputs);
}
