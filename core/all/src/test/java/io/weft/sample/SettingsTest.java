package io.weft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.weft.complete.KnownPixels;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A sampler's settings: each can be changed, and changing one leaves all others. */
class SettingsTest {

  private static final OfImage<ConditionValues> CONDITIONS =
      (image, place) -> ConditionValues.none();
  private static final OfImage<KnownPixels> KNOWN = (image, place) -> null;

  /** Another value of each component; one that is missing here fails below. */
  private static final Map<String, Object> OTHERS =
      Map.ofEntries(
          Map.entry("seed", 2L),
          Map.entry("firstImage", 3L),
          Map.entry("count", 4),
          Map.entry("batch", 5),
          Map.entry("temperature", 0.6),
          Map.entry("executor", SamplingExecutor.jvm()),
          Map.entry("conditions", CONDITIONS),
          Map.entry("known", KNOWN),
          Map.entry("order", GenerationOrder.raster(2, 2)));

  private static Map<String, Object> values(Settings settings) throws Exception {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : Settings.class.getRecordComponents()) {
      Object value = component.getAccessor().invoke(settings);
      values.put(component.getName(), value instanceof Optional<?> o ? o.orElse(null) : value);
    }
    return values;
  }

  private static Method wither(String component) {
    String name =
        "with" + component.substring(0, 1).toUpperCase(Locale.ROOT) + component.substring(1);
    return Arrays.stream(Settings.class.getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Settings has no " + name));
  }

  @Test
  void eachIsChangedAloneAndStaysWhenOthersAreChanged() throws Exception {
    Settings settings = Settings.of(1);
    Map<String, Object> before = values(settings);
    for (String changed : before.keySet()) {
      Object other = OTHERS.get(changed);
      assertNotEquals(before.get(changed), other, "another value of " + changed);
      Settings one = (Settings) wither(changed).invoke(settings, other);
      Map<String, Object> expected = new LinkedHashMap<>(before);
      expected.put(changed, other);
      assertEquals(expected, values(one));
    }
    Settings all = settings;
    for (String changed : before.keySet()) {
      all = (Settings) wither(changed).invoke(all, OTHERS.get(changed));
    }
    assertEquals(OTHERS, values(all));
  }
}
