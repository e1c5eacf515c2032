package io.weft.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weft.layer.Activation;
import io.weft.layer.Add;
import io.weft.layer.BatchNormalisation;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Concat;
import io.weft.layer.Dropout;
import io.weft.layer.Gate;
import io.weft.layer.Layer;
import io.weft.layer.Offset;
import io.weft.layer.OnesChannel;
import io.weft.layer.Pointwise;
import io.weft.layer.PositionalNormalisation;
import io.weft.layer.ResidualGate;
import io.weft.layer.Shift;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.Slice;
import io.weft.layer.Subsample;
import io.weft.layer.TransposedShiftedConvolution;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The layers that definition files may speak of, by type name. What is not in the catalog is never
 * instantiated. Immutable.
 *
 * <pre>{@code
 * record Scale(float factor) implements Layer { ... }
 *
 * LayerCatalog mine = LayerCatalog.standard().with("scale", Scale.class);
 * Definition again = new DefinitionJson(mine).read(text);
 * }</pre>
 *
 * <p>A layer of your own is a record, or a class with a constructor that is marked with Jackson's
 * {@code @JsonCreator} and has a {@code @JsonProperty} on each argument, named as the field that
 * holds it. In Kotlin that is a {@code @JvmRecord data class}, or a data class so marked. It needs
 * {@code equals}, as records and data classes have, and no property called "type".
 */
public final class LayerCatalog {

  private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");
  private static final LayerCatalog STANDARD =
      new LayerCatalog(Map.of())
          .with("causal-convolution", CausalConvolution.class)
          .with("pointwise", Pointwise.class)
          .with("activation", Activation.class)
          .with("gate", Gate.class)
          .with("residual-gate", ResidualGate.class)
          .with("add", Add.class)
          .with("concat", Concat.class)
          .with("slice", Slice.class)
          .with("shift", Shift.class)
          .with("dropout", Dropout.class)
          .with("offset", Offset.class)
          .with("batch-normalisation", BatchNormalisation.class)
          .with("positional-normalisation", PositionalNormalisation.class)
          .with("shifted-convolution", ShiftedConvolution.class)
          .with("transposed-shifted-convolution", TransposedShiftedConvolution.class)
          .with("subsample", Subsample.class)
          .with("ones-channel", OnesChannel.class);

  private final Map<String, Class<? extends Layer>> types;

  private LayerCatalog(Map<String, Class<? extends Layer>> types) {
    this.types = types;
  }

  /** Returns the layers that come with Weft. */
  public static LayerCatalog standard() {
    return STANDARD;
  }

  /**
   * Returns this catalog and one more layer.
   *
   * @param type the name in files: small letters, digits, "-" and "."
   * @param layer a record, or a class with a {@code @JsonCreator} constructor
   * @throws IllegalArgumentException if the name or the class is taken, or the class has neither
   */
  public LayerCatalog with(String type, Class<? extends Layer> layer) {
    Objects.requireNonNull(layer, "layer");
    if (!TYPE.matcher(Objects.requireNonNull(type, "type")).matches()) {
      throw new IllegalArgumentException(
          "a layer's type name has 1 to 64 small letters, digits, - and ., found \"" + type + "\"");
    }
    if (types.containsKey(type)) {
      throw new IllegalArgumentException(
          "the type name \"" + type + "\" stands for " + types.get(type).getName() + " already");
    }
    if (types.containsValue(layer)) {
      throw new IllegalArgumentException(
          layer.getName() + " is in the catalog already, as \"" + nameOf(layer) + "\"");
    }
    LayerFields.check(layer);
    Map<String, Class<? extends Layer>> more = new LinkedHashMap<>(types);
    more.put(type, layer);
    return new LayerCatalog(Collections.unmodifiableMap(more));
  }

  /** Returns the type names, in the order in which they were added. */
  public List<String> types() {
    return List.copyOf(types.keySet());
  }

  private String nameOf(Class<?> layer) {
    for (Map.Entry<String, Class<? extends Layer>> entry : types.entrySet()) {
      if (entry.getValue() == layer) {
        return entry.getKey();
      }
    }
    throw new IllegalArgumentException(
        "the layer "
            + layer.getName()
            + " is not in the catalog; add it: catalog.with(\"my-layer\", "
            + layer.getSimpleName()
            + ".class)");
  }

  /** Returns a layer as JSON. */
  ObjectNode write(Layer layer) {
    return LayerFields.write(nameOf(layer.getClass()), layer);
  }

  /** Returns the layer that JSON describes. */
  Layer read(Place place) {
    Place type = place.field(LayerFields.TYPE);
    Class<? extends Layer> layer = types.get(type.text());
    if (layer == null) {
      throw type.expected(
          "a layer of the catalog ("
              + String.join(", ", types.keySet())
              + "; LayerCatalog.with adds your own)");
    }
    return LayerFields.read(place, layer);
  }
}
