package io.weft.json;

import io.weft.distribution.Distribution;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The words of the format. */
final class Format {

  static final String NAME = "weft-definition";
  static final int VERSION = 1;
  static final String CLASS = "class";
  static final String VECTOR = "vector";
  static final String SPATIAL = "spatial";

  /** Weft's own distributions; their names are older than the rule for those of others. */
  static final Map<String, Class<? extends Distribution>> DISTRIBUTIONS = distributions();

  private static Map<String, Class<? extends Distribution>> distributions() {
    Map<String, Class<? extends Distribution>> names = new LinkedHashMap<>();
    names.put("SOFTMAX", Distribution.Softmax.class);
    names.put("BERNOULLI", Distribution.Bernoulli.class);
    names.put("LOGISTIC_MIXTURE", Distribution.LogisticMixture.class);
    return Collections.unmodifiableMap(names);
  }

  private Format() {}
}
