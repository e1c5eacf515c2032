package io.weft.data;

import io.weft.advice.Advice;
import io.weft.spec.ImageSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What pictures have in common, found out while one after the other is looked at. */
final class PictureSurvey {

  private final PictureList list;
  private final List<Path> files;
  private final PictureChoices choices;
  private int height;
  private int width;
  private boolean hasColours;
  private boolean hasAlpha;
  private PictureFile.@Nullable Facts brightest;
  private int brightestFile;

  PictureSurvey(PictureList list, PictureChoices choices) {
    this.list = list;
    this.files = list.files();
    this.choices = choices;
  }

  /**
   * Looks at the next picture.
   *
   * @throws DataFormatException if it is of another size than those before
   */
  void look(int index, PictureFile.Decoded decoded) throws DataFormatException {
    Pixels picture = decoded.pixels();
    if (index == 0) {
      height = picture.height();
      width = picture.width();
      hasAlpha = picture.hasAlpha();
    }
    requireSize(files.get(index), picture);
    hasColours |= picture.hasColours();
    PictureFile.Facts facts = decoded.facts();
    if (facts.isDeep() && (brightest == null || facts.use() > brightest.use())) {
      brightest = facts;
      brightestFile = index;
    }
    if (facts.isFirstOfSeveral()) {
      list.notes().add(ReadingNotes.Kind.FIRST_OF_SEVERAL, list.name(index));
    }
    if (facts.isCut()) {
      list.notes().add(ReadingNotes.Kind.CUT, list.name(index));
    }
  }

  private void requireSize(Path file, Pixels picture) throws DataFormatException {
    if (picture.height() != height || picture.width() != width) {
      throw new DataFormatException(
          file,
          String.format(Locale.ROOT, "%d rows and %d columns", picture.height(), picture.width()),
          String.format(Locale.ROOT, "%d and %d, like %s", height, width, files.get(0)),
          Advice.FIT_PICTURES);
    }
  }

  /** Refuses to round to 8 bits what uses few of more: few levels would be left. */
  private void requireUse() throws DataFormatException {
    PictureFile.Facts use = brightest;
    if (choices.decoding().scale().kind() != ValueScale.Kind.DECLARED
        || use == null
        || use.highest() == 0
        || use.use() * ImageSet.LEAST_USE >= 1) {
      return;
    }
    int highest = use.highest();
    throw new DataFormatException(
        files.get(brightestFile),
        String.format(
            Locale.ROOT,
            "values of up to %d of %d, and no higher ones in other files: in 8 bits they would be %d"
                + " levels",
            highest,
            use.most(),
            1 + Math.round(use.use() * 255)),
        "values that use their range, or to be told what is black and what is white, such as 0"
            + " and "
            + (2 * Integer.highestOneBit(highest) - 1),
        Advice.SAY_VALUES);
  }

  /**
   * Returns what all images are like.
   *
   * @throws DataFormatException if they use too few of their levels
   */
  ImageSpec spec() throws DataFormatException {
    requireUse();
    int channels = (hasColours ? 3 : 1) + (hasAlpha ? 1 : 0);
    return new ImageSpec(height, width, channels, Quantiser.MAX_LEVELS);
  }
}
