package io.weft.anomaly;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was measured of held-out images, collected part after part. */
final class HeldOut {

  private final List<Measures> each = new ArrayList<>();
  private final Map<AnomalyScore, List<Double>> hottest = new EnumMap<>(AnomalyScore.class);

  HeldOut() {
    for (AnomalyScore by : AnomalyScore.values()) {
      hottest.put(by, new ArrayList<>());
    }
  }

  /** Adds what was measured of some images. */
  void add(Measured part) {
    each.addAll(part.each());
    hottest.forEach(
        (by, all) -> {
          for (int image = 0; image < part.size(); image++) {
            double most = 0;
            for (float pixel : part.heat(by, image)) {
              most = Math.max(most, pixel);
            }
            all.add(most);
          }
        });
  }

  /** Returns what was measured of each image. */
  List<Measures> each() {
    return each;
  }

  /** Returns the heat of the hottest pixel of each image, but none below 0; ascending. */
  double[] hottest(AnomalyScore by) {
    return hottest.get(by).stream().mapToDouble(heat -> heat).sorted().toArray();
  }
}
