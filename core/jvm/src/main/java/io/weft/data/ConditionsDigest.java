package io.weft.data;

import io.weft.internal.Seam;
import io.weft.internal.files.Sha256;
import io.weft.internal.thread.Interruption;
import io.weft.spec.ConditionValues;
import java.util.regex.Pattern;

/** What the first of some examples are conditioned on, in short, for their description. */
@Seam
public final class ConditionsDigest {

  /** The conditions of so many examples tell one choice from another. */
  private static final int MOST = 1_000;

  private static final Pattern WORDS =
      Pattern.compile(", conditions [0-9a-f]{64} of the first [0-9]+");

  private final Sha256 sum = new Sha256();
  private int count;
  private boolean areNone = true;

  ConditionsDigest() {}

  /** Returns words for the conditions of examples, as {@link #words()} does. */
  static String words(Examples examples) {
    ConditionsDigest digest = new ConditionsDigest();
    for (int i = 0; i < Math.min(examples.size(), MOST); i++) {
      Interruption.check();
      digest.add(examples.conditions(i));
    }
    return digest.words();
  }

  /** Adds the conditions of the next example, if it is one of the first. */
  void add(ConditionValues conditions) {
    if (count < MOST) {
      conditions.addTo(sum);
      areNone &= conditions.isEmpty();
      count++;
    }
  }

  /** Returns words to put behind others; none where there are no conditions. Ends the digest. */
  String words() {
    return areNone ? "" : ", conditions " + sum.hex() + " of the first " + count;
  }

  /** Returns a description as it was before descriptions spoke of conditions. */
  public static String without(String description) {
    return WORDS.matcher(description).replaceAll("");
  }
}
