package io.weft.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.weft.define.Definition;
import io.weft.define.ModelBuilder;
import io.weft.distribution.Distribution;
import io.weft.expression.Expression;
import io.weft.expression.Shape;
import io.weft.layer.CausalConvolution;
import io.weft.layer.Gate;
import io.weft.layer.Inputs;
import io.weft.layer.Layer;
import io.weft.layer.MaskType;
import io.weft.spec.DefinitionException;
import io.weft.testing.DistributionSample;
import io.weft.testing.DistributionSamples;
import io.weft.testing.LayerSample;
import io.weft.testing.LayerSamples;
import io.weft.testing.Neighbours;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerCatalogTest {

  /** A user's layer: the values on both sides, weighted. */
  record Blur(List<Float> weights, Mode mode) implements Layer {
    enum Mode {
      LEFT,
      UP
    }

    Blur {
      weights = List.copyOf(weights);
    }

    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      Expression sum = inputs.read(0).times(inputs.read(0).like(weights.get(0)));
      for (int i = 1; i < weights.size(); i++) {
        Expression next = mode == Mode.UP ? inputs.read(0, -i, 0) : inputs.read(0, 0, -i);
        sum = sum.plus(next.times(next.like(weights.get(i))));
      }
      return sum;
    }
  }

  /** A user's layer as a class, the way a Kotlin data class looks from here. */
  static final class Scale implements Layer {
    private final double factor;

    @JsonCreator
    Scale(@JsonProperty("factor") double factor) {
      this.factor = factor;
    }

    public double getHalf() {
      return factor / 2;
    }

    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0).times(inputs.read(0).like((float) factor));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Scale scale && scale.factor == factor;
    }

    @Override
    public int hashCode() {
      return Objects.hash(factor);
    }
  }

  /** A layer that says "type". */
  record Typed(int type) implements Layer {
    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0);
    }
  }

  /** A layer that cannot be told from another of its kind. */
  static final class Anonymous implements Layer {
    @JsonCreator
    Anonymous() {}

    @Override
    public Shape shape(Inputs inputs) {
      return inputs.only();
    }

    @Override
    public Expression compute(Inputs inputs) {
      return inputs.read(0);
    }
  }

  private static Definition model(Layer own) {
    ModelBuilder model = ModelBuilder.of("own", Models.GREY);
    var x = model.image().apply(CausalConvolution.square(6, 3, MaskType.A)).apply("own", own);
    return model.softmax(x.conv1x1(4));
  }

  private static DefinitionJson with(Class<? extends Layer> own) {
    return new DefinitionJson(LayerCatalog.standard().with("own-layer", own));
  }

  @Test
  void aRecordOfOnesOwnIsSavedAndLoaded() {
    Definition definition = model(new Blur(List.of(0.5f, 0.25f), Blur.Mode.LEFT));
    String text = with(Blur.class).write(definition);
    assertTrue(text.contains("\"type\": \"own-layer\""), text);
    assertTrue(text.contains("\"weights\": [ 0.5, 0.25 ]"), text);
    assertEquals(definition, with(Blur.class).read(text));
    String other = text.replace("0.25", "0.125");
    assertFalse(definition.equals(with(Blur.class).read(other)));
  }

  @Test
  void aClassWithACreatorIsSavedAndLoaded() {
    Definition definition = model(new Scale(0.1));
    String text = with(Scale.class).write(definition);
    assertFalse(text.contains("half"), text);
    assertEquals(definition, with(Scale.class).read(text));
    String missing = text.replace("\"factor\"", "\"half\"");
    var error =
        assertThrows(DefinitionFormatException.class, () -> with(Scale.class).read(missing));
    assertEquals("/nodes/1/layer/factor", error.pointer());
  }

  @Test
  void aFailingLayerIsNamed() {
    String text =
        with(Blur.class).write(model(new Blur(List.of(1f), Blur.Mode.UP))).replace("[ 1.0 ]", "[]");
    var error = assertThrows(DefinitionFormatException.class, () -> with(Blur.class).read(text));
    assertEquals("/nodes/1", error.pointer());
    assertTrue(error.getMessage().contains("layer own on [conv3x3 7x6x6]"), error.getMessage());
  }

  @Test
  void whatIsNotInTheCatalogIsNeitherWrittenNorRead() {
    Definition definition = model(new Scale(0.1));
    var writing =
        assertThrows(DefinitionException.class, () -> DefinitionJson.standard().write(definition));
    assertTrue(writing.getMessage().contains("catalog.with(\"my-layer\", Scale.class)"));
    String text = with(Scale.class).write(definition);
    var reading =
        assertThrows(DefinitionFormatException.class, () -> DefinitionJson.standard().read(text));
    assertEquals("/nodes/1/layer/type", reading.pointer());
    assertTrue(reading.getMessage().contains("batch-normalisation"), reading.getMessage());
  }

  @Test
  void whatWouldNotComeBackEqualIsNotWritten() {
    var typed =
        assertThrows(DefinitionException.class, () -> with(Typed.class).write(model(new Typed(1))));
    assertTrue(typed.getMessage().contains("rename it"), typed.getMessage());
    var anonymous =
        assertThrows(
            DefinitionException.class, () -> with(Anonymous.class).write(model(new Anonymous())));
    assertTrue(anonymous.getMessage().contains("not equal"), anonymous.getMessage());
  }

  @Test
  void whatIsOfWeftsOwnHasAName() {
    for (Class<?> layer : Neighbours.of(Layer.class)) {
      named(LayerCatalog.standard().layers(), layer, "LayerCatalog.STANDARD");
    }
    for (Class<?> distribution : Neighbours.of(Distribution.class)) {
      named(LayerCatalog.standard().distributions(), distribution, "Format.DISTRIBUTIONS");
    }
  }

  private static void named(TypeNames<?> names, Class<?> type, String where) {
    assertTrue(
        names.types().containsValue(type),
        () ->
            "models with "
                + type.getSimpleName()
                + " cannot be saved: give it a name in io.weft.json."
                + where);
  }

  @Test
  void whatHasANameIsTestedAsAllAre() {
    LayerCatalog standard = LayerCatalog.standard();
    tested(
        standard.layers(),
        LayerSamples.all().stream().map(sample -> sample.layer().getClass()).toList(),
        "LayerSamples");
    tested(
        standard.distributions(),
        DistributionSamples.all().stream().map(s -> s.distribution().getClass()).toList(),
        "DistributionSamples");
  }

  private static void tested(TypeNames<?> names, List<? extends Class<?>> tried, String where) {
    names
        .types()
        .forEach(
            (name, type) ->
                assertTrue(
                    tried.contains(type),
                    () ->
                        "no test tries \""
                            + name
                            + "\": add a sample of "
                            + type.getSimpleName()
                            + " to io.weft.testing."
                            + where));
  }

  @ParameterizedTest
  @MethodSource("io.weft.testing.DistributionSamples#all")
  void everyDistributionIsWrittenAndReadBackEqual(DistributionSample sample) {
    Definition definition = sample.model();
    DefinitionJson json = new DefinitionJson(DistributionSamples.catalog());
    String text = json.write(definition);
    assertEquals(definition, json.read(text), text);
  }

  @ParameterizedTest
  @MethodSource("io.weft.testing.LayerSamples#all")
  void everyLayerIsWrittenAndReadBackEqual(LayerSample sample) {
    LayerCatalog catalog = LayerSamples.catalog();
    Definition definition = sample.model(Models.GREY);
    DefinitionJson json = new DefinitionJson(catalog);
    String text = json.write(definition);
    assertEquals(definition, json.read(text), text);
  }

  @Test
  void theCatalogIsImmutableAndUnambiguous() {
    LayerCatalog standard = LayerCatalog.standard();
    LayerCatalog more = standard.with("scale", Scale.class);
    assertFalse(standard.types().contains("scale"));
    assertEquals(standard.types().size() + 1, more.types().size());
    assertThrows(IllegalArgumentException.class, () -> more.with("scale", Blur.class));
    assertThrows(IllegalArgumentException.class, () -> more.with("other", Scale.class));
    assertThrows(IllegalArgumentException.class, () -> more.with("my-gate", Gate.class));
    assertThrows(IllegalArgumentException.class, () -> more.with("My Layer", Blur.class));
    assertThrows(IllegalArgumentException.class, () -> more.with("layer", Layer.class));
  }
}
