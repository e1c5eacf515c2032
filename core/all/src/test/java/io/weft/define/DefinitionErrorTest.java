package io.weft.define;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.layer.Add;
import io.weft.layer.BatchNormalisation;
import io.weft.layer.CausalConvolution;
import io.weft.layer.ColourGroups;
import io.weft.layer.Concat;
import io.weft.layer.Dropout;
import io.weft.layer.Feature;
import io.weft.layer.Gate;
import io.weft.layer.MaskType;
import io.weft.layer.Pointwise;
import io.weft.layer.Shift;
import io.weft.layer.Slice;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mistake in a definition gets a message with names, what was found and what was expected.
 */
class DefinitionErrorTest {

  private static final ImageSpec GREY = new ImageSpec(4, 5, 1, 3);

  /** What somebody does with a model whose feature x is 4x5x6, and words of the message. */
  record Mistake(Mistaken act, List<String> words) {
    @Override
    public String toString() {
      return String.join(" / ", words);
    }
  }

  private interface Mistaken {
    void on(ModelBuilder model, Feature x);
  }

  private static Mistake mistake(Mistaken act, String... words) {
    return new Mistake(act, List.of(words));
  }

  private static Mistake value(Consumer<ConditionValues> use, String... words) {
    return mistake((m, x) -> use.accept(ConditionValues.none()), words);
  }

  static List<Mistake> mistakes() {
    var label = new io.weft.spec.Condition.OneOf("digit", 3);
    var style = new io.weft.spec.Condition.Vector("style", 2);
    return List.of(
        mistake((m, x) -> m.softmax(x), "m", "SOFTMAX", "4x5x3", "add", "4x5x6"),
        mistake((m, x) -> m.bernoulli(x.conv1x1(1)), "\"m\"", "2 levels", "found 3"),
        mistake((m, x) -> x.apply(new Gate(), x), "gate", "1 input", "found 2"),
        mistake((m, x) -> x.conv1x1(5).gate(), "gate", "even number", "found 5"),
        mistake((m, x) -> x.plus(x.conv1x1(4)), "add", "same number", "4x5x6", "4x5x4"),
        mistake((m, x) -> x.apply(new Add(), m.vectorCondition("v", 2)), "add", "1x1x2"),
        mistake((m, x) -> x.apply("cut", new Slice(4, 3)), "cut", "3 maps", "map 4", "has 6"),
        mistake((m, x) -> new Slice(-1, 3), "3 from -1"),
        mistake((m, x) -> x.split(4), "add", "6 maps", "4 equal parts"),
        mistake((m, x) -> CausalConvolution.square(3, 4, MaskType.B), "odd", "4 x 4"),
        mistake((m, x) -> CausalConvolution.square(3, 257, MaskType.B), "255", "257"),
        mistake((m, x) -> CausalConvolution.square(0, 3, MaskType.B), "at least one", "found 0"),
        mistake((m, x) -> CausalConvolution.square(3, 1, MaskType.A), "leaves nothing", "1 x 1"),
        mistake(
            (m, x) -> CausalConvolution.square(3, 3, MaskType.B).withDilation(0), "dilation", "0"),
        mistake((m, x) -> Pointwise.of(0), "1 x 1 convolution", "found 0"),
        mistake((m, x) -> new Dropout(1), "below 1", "found 1.0"),
        mistake((m, x) -> new Dropout(Double.NaN), "below 1", "NaN"),
        mistake((m, x) -> new BatchNormalisation(1, 1e-3), "[0, 1)", "1.0"),
        mistake((m, x) -> new BatchNormalisation(0.9, 0), "above 0", "0.0"),
        mistake(
            (m, x) -> x.apply("rgb", Pointwise.of(2).withColours(ColourGroups.of(3))),
            "rgb",
            "3 channels",
            "found 2"),
        mistake((m, x) -> x.plus(ModelBuilder.of("other", GREY).image()), "\"m\"", "another model"),
        mistake((m, x) -> m.softmax(ModelBuilder.of("other", GREY).image()), "another model"),
        mistake((m, x) -> m.classCondition("digit", 0), "\"digit\"", "found 0"),
        mistake((m, x) -> m.vectorCondition("style", -1), "\"style\"", "found -1"),
        mistake((m, x) -> m.spatialCondition("map", 0), "\"map\"", "0"),
        mistake(
            (m, x) -> {
              m.classCondition("digit", 2);
              m.vectorCondition("digit", 2);
            },
            "\"digit\"",
            "two features"),
        mistake(
            (m, x) -> {
              m.classCondition("digit", 2);
              m.softmax(x.conv1x1(3));
            },
            "\"digit\"",
            "reaches no output"),
        mistake((m, x) -> ModelBuilder.of("a b", GREY), "\"a b\""),
        mistake((m, x) -> m.classCondition("", 2), "condition's name", "\"\""),
        mistake((m, x) -> x.apply("a/b", new Shift(1, 0)), "\"a/b\""),
        mistake((m, x) -> new ImageSpec(4, 5, 1, 1), "levels", "2 to 65536", "found 1"),
        mistake((m, x) -> new ImageSpec(4, 0, 1, 2), "width", "found 0"),
        mistake((m, x) -> new ImageSpec(4, 4, 5, 2), "channels", "found 5"),
        mistake((m, x) -> Feature.sum(List.of()), "at least one"),
        mistake((m, x) -> x.apply(new Concat(), m.vectorCondition("v", 1), odd()), "another model"),
        value(v -> v.feature(label), "\"digit\"", "no value"),
        value(v -> v.withLabel("digit", 3).feature(label), "\"digit\"", "0 to 2", "found 3"),
        value(v -> v.withVector("digit", 1).feature(label), "\"digit\"", "label"),
        value(v -> v.withVector("style", 1).feature(style), "\"style\"", "= 2", "found 1"),
        value(v -> v.withLabel("style", 1).feature(style), "\"style\"", "label 1"),
        value(v -> v.withVector("style", 1, Float.NaN).feature(style), "\"style\"", "NaN"),
        value(v -> v.withLabel("digti", 1).check(List.of(label)), "\"digti\"", "[digit]"));
  }

  private static Feature odd() {
    return ModelBuilder.of("odd", new ImageSpec(3, 3, 1, 2)).image();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesWhatIsWrong(Mistake mistake) {
    ModelBuilder model = ModelBuilder.of("m", GREY);
    Feature first = model.image().apply(CausalConvolution.square(6, 3, MaskType.A));
    Feature x = first.plus(first);
    var error = assertThrows(IllegalArgumentException.class, () -> mistake.act().on(model, x));
    for (String word : mistake.words()) {
      assertTrue(error.getMessage().contains(word), error.getMessage() + " without " + word);
    }
  }
}
