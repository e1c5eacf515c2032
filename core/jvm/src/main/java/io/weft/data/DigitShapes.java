package io.weft.data;

import io.weft.internal.random.SplitMix;

/**
 * The ten digits as strokes, upright, within about x from -0.32 to 0.32 and y from -0.5 (top) to
 * 0.5. Each has a few ways to be written, and proportions of its own.
 */
final class DigitShapes {

  private DigitShapes() {}

  static Strokes draw(int digit, SplitMix random) {
    return switch (digit) {
      case 0 -> zero(random);
      case 1 -> one(random);
      case 2 -> two(random);
      case 3 -> three(random);
      case 4 -> four(random);
      case 5 -> five(random);
      case 6 -> six(random);
      case 7 -> seven(random);
      case 8 -> eight(random);
      case 9 -> nine(random);
      default -> throw new IllegalArgumentException(digit + " is no digit");
    };
  }

  private static Strokes zero(SplitMix random) {
    return new Strokes().arc(0, 0, random.between(0.22, 0.34), 0.5, random.between(0.6, 0.8), 1);
  }

  private static Strokes one(SplitMix random) {
    Strokes bar = new Strokes();
    if (random.chance(0.6)) {
      bar.from(random.between(-0.2, -0.13), random.between(-0.36, -0.26)).line(0, -0.5);
    } else {
      bar.from(0, -0.5);
    }
    bar.line(0, 0.5);
    if (random.chance(0.35)) {
      double foot = random.between(0.15, 0.22);
      bar.from(-foot, 0.5).line(foot, 0.5);
    }
    return bar;
  }

  private static Strokes two(SplitMix random) {
    Strokes two =
        new Strokes()
            .from(-0.27, random.between(-0.32, -0.2))
            .curve(-0.24, -0.6, 0.3, -0.6, 0.27, -0.2);
    if (random.chance(0.35)) {
      return two.curve(0.25, 0.05, -0.02, 0.42, -0.2, 0.47)
          .curve(-0.36, 0.5, -0.32, 0.3, -0.16, 0.36)
          .curve(0, 0.42, 0.15, 0.5, 0.32, random.between(0.38, 0.46));
    }
    return two.curve(0.25, 0.05, -0.1, 0.22, -0.28, 0.48).line(0.3, random.between(0.45, 0.5));
  }

  private static Strokes three(SplitMix random) {
    double waist = random.between(-0.08, 0.0);
    Strokes three = new Strokes();
    if (random.chance(0.25)) {
      three.from(-0.24, -0.48).line(0.24, -0.48).line(-0.04, waist - 0.06);
    } else {
      three
          .from(-0.26, random.between(-0.42, -0.34))
          .curve(-0.1, -0.58, 0.27, -0.55, 0.24, -0.27)
          .curve(0.22, waist - 0.04, 0.05, waist, random.between(-0.12, -0.02), waist);
    }
    return three
        .curve(0.12, waist, 0.31, 0.03, 0.29, 0.24)
        .curve(0.27, 0.56, -0.12, 0.56, -0.28, random.between(0.32, 0.42));
  }

  private static Strokes four(SplitMix random) {
    double bar = random.between(0.08, 0.2);
    if (random.chance(0.45)) {
      return new Strokes()
          .from(0.14, -0.5)
          .line(-0.31, bar)
          .line(0.32, bar)
          .from(0.14, -0.5)
          .line(0.14, 0.5);
    }
    return new Strokes()
        .from(random.between(-0.24, -0.16), -0.48)
        .curve(-0.26, -0.25, -0.28, bar - 0.2, -0.27, bar)
        .curve(-0.1, bar + 0.02, 0.1, bar, 0.3, bar - 0.03)
        .from(0.18, random.between(-0.46, -0.34))
        .line(0.14, 0.5);
  }

  private static Strokes five(SplitMix random) {
    double shoulder = random.between(-0.12, -0.04);
    return new Strokes()
        .from(random.between(0.2, 0.3), random.between(-0.5, -0.46))
        .line(-0.18, -0.48)
        .line(-0.22, shoulder)
        .curve(-0.05, shoulder - 0.13, 0.31, -0.14, 0.28, 0.17)
        .curve(0.25, 0.54, -0.1, 0.56, -0.28, random.between(0.34, 0.42));
  }

  private static Strokes six(SplitMix random) {
    double r = random.between(0.21, 0.29);
    double left = -random.between(0.25, 0.29);
    double low = random.between(0.2, 0.26);
    double bow = random.between(-0.42, -0.25);
    return new Strokes()
        .from(random.between(0.06, 0.22), -0.49)
        .curve(-0.08, bow, left, -0.14, left, low)
        .arc(left + r, low, r, 0.5 - low, 0.5, -1);
  }

  private static Strokes seven(SplitMix random) {
    Strokes seven = new Strokes();
    if (random.chance(0.2)) {
      seven.from(-0.29, -0.34).line(-0.28, -0.47);
    } else {
      seven.from(-0.29, random.between(-0.49, -0.43));
    }
    seven.line(0.28, -0.47);
    double foot = random.between(-0.14, 0);
    double bow = random.between(0.02, 0.2);
    seven.curve(0.26 - bow, -0.2, foot + 0.04, 0.1, foot, 0.5);
    if (random.chance(0.35)) {
      double bar = random.between(-0.02, 0.06);
      seven.from(-0.16, bar).line(0.24, bar);
    }
    return seven;
  }

  private static Strokes eight(SplitMix random) {
    double waist = random.between(-0.08, 0.0);
    double top = random.between(0.17, 0.23);
    double bottom = random.between(0.22, 0.29);
    if (random.chance(0.5)) {
      double topRadius = (waist + 0.5) / 2;
      double bottomRadius = (0.5 - waist) / 2;
      return new Strokes()
          .arc(0, waist - topRadius, top, topRadius, 0.25, 1)
          .arc(0, waist + bottomRadius, bottom, bottomRadius, 0.75, 1);
    }
    return new Strokes() // One line: down in an S from the top right, and back up.
        .from(0.2, -0.38)
        .curve(0.12, -0.55, -1.1 * top, -0.55, -top, -0.3)
        .curve(-top + 0.02, waist - 0.04, bottom, waist, bottom, 0.24)
        .curve(bottom, 0.59, -bottom, 0.59, -bottom, 0.24)
        .curve(-bottom, waist + 0.08, 0.2, waist - 0.02, 0.2, -0.38);
  }

  private static Strokes nine(SplitMix random) {
    double r = random.between(0.2, 0.27);
    double right = random.between(0.22, 0.27);
    double high = random.between(-0.26, -0.2);
    Strokes nine = new Strokes().arc(right - r, high, r, 0.5 + high, 0, -1);
    if (random.chance(0.5)) {
      return nine.from(right, high).line(random.between(0.1, 0.24), 0.5);
    }
    return nine.from(right, high)
        .curve(right + 0.02, 0.2, 0.12, 0.56, random.between(-0.24, -0.12), 0.44);
  }
}
