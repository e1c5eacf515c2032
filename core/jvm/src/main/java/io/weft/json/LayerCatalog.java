package io.weft.json;

import io.weft.distribution.Distribution;
import io.weft.layer.Activation;
import io.weft.layer.Add;
import io.weft.layer.Background;
import io.weft.layer.BatchNormalisation;
import io.weft.layer.Before;
import io.weft.layer.Bias;
import io.weft.layer.CausalAttention;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Concat;
import io.weft.layer.Convolution;
import io.weft.layer.ConvolutionalLstm;
import io.weft.layer.Dropout;
import io.weft.layer.Embedding;
import io.weft.layer.FromRaster;
import io.weft.layer.Gate;
import io.weft.layer.Layer;
import io.weft.layer.LayerNormalisation;
import io.weft.layer.OneHot;
import io.weft.layer.Ones;
import io.weft.layer.OnesChannel;
import io.weft.layer.Pointwise;
import io.weft.layer.PositionEmbedding;
import io.weft.layer.PositionalNormalisation;
import io.weft.layer.ResidualGate;
import io.weft.layer.Shift;
import io.weft.layer.ShiftedConvolution;
import io.weft.layer.Slice;
import io.weft.layer.Subsample;
import io.weft.layer.ToRaster;
import io.weft.layer.TransposedConvolution;
import io.weft.layer.TransposedShiftedConvolution;
import java.util.List;
import java.util.Map;

/**
 * The layers and distributions that definition files may speak of, by type name. What is not in the
 * catalog is never instantiated. Immutable.
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

  private static final LayerCatalog STANDARD =
      new LayerCatalog(
              new TypeNames<>("layer", "with", Map.of()),
              new TypeNames<>("distribution", "withDistribution", Format.DISTRIBUTIONS))
          .with("causal-convolution", CausalConvolution.class)
          .with("causal-attention", CausalAttention.class)
          .with("convolution", Convolution.class)
          .with("transposed-convolution", TransposedConvolution.class)
          .with("convolutional-lstm", ConvolutionalLstm.class)
          .with("pointwise", Pointwise.class)
          .with("activation", Activation.class)
          .with("gate", Gate.class)
          .with("residual-gate", ResidualGate.class)
          .with("add", Add.class)
          .with("concat", Concat.class)
          .with("slice", Slice.class)
          .with("shift", Shift.class)
          .with("dropout", Dropout.class)
          .with("offset", Bias.class)
          .with("batch-normalisation", BatchNormalisation.class)
          .with("layer-normalisation", LayerNormalisation.class)
          .with("positional-normalisation", PositionalNormalisation.class)
          .with("shifted-convolution", ShiftedConvolution.class)
          .with("transposed-shifted-convolution", TransposedShiftedConvolution.class)
          .with("subsample", Subsample.class)
          .with("ones", Ones.class)
          .with("background", Background.class)
          .with("position-embedding", PositionEmbedding.class)
          .with("embedding", Embedding.class)
          .with("one-hot", OneHot.class)
          .with("before", Before.class)
          .with("to-raster", ToRaster.class)
          .with("from-raster", FromRaster.class)
          .with("ones-channel", OnesChannel.class);

  private final TypeNames<Layer> layers;
  private final TypeNames<Distribution> distributions;

  private LayerCatalog(TypeNames<Layer> layers, TypeNames<Distribution> distributions) {
    this.layers = layers;
    this.distributions = distributions;
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
    return new LayerCatalog(layers.with(type, layer), distributions);
  }

  /**
   * Returns this catalog and one more distribution.
   *
   * @param type the name in files: small letters, digits, "-" and "."
   * @param distribution a record, or a class with a {@code @JsonCreator} constructor
   * @throws IllegalArgumentException if the name or the class is taken, or the class has neither
   */
  public LayerCatalog withDistribution(String type, Class<? extends Distribution> distribution) {
    return new LayerCatalog(layers, distributions.with(type, distribution));
  }

  /** Returns the type names of the layers, in the order in which they were added. */
  public List<String> types() {
    return layers.names();
  }

  TypeNames<Layer> layers() {
    return layers;
  }

  TypeNames<Distribution> distributions() {
    return distributions;
  }
}
