package io.weft.data;

import io.weft.advice.Advice;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads pictures into a set, or looks at each and leaves it where it is. */
final class PictureReader {

  private final Path place;
  private final PictureList list;
  private final PictureChoices choices;
  private final PictureSurvey survey;
  private final PictureDecoder decoder;

  PictureReader(Path place, PictureList list, PictureChoices choices) {
    this.place = place;
    this.list = list;
    this.choices = choices;
    survey = new PictureSurvey(list, choices);
    decoder = new PictureDecoder(list.files(), choices);
  }

  /** Reads all pictures. */
  ImageSet read() throws IOException {
    return set(
        first -> {
          requireRoom(first);
          return true;
        });
  }

  /** Looks at all pictures, which are decoded again whenever they are asked for. */
  ImageSet open() throws IOException {
    return set(first -> false);
  }

  /** Reads all pictures if they have at most so many values in all, and opens them otherwise. */
  ImageSet readUpTo(long most) throws IOException {
    return set(first -> values(first) <= most);
  }

  /** Whether pixels are kept, by the first picture. */
  private interface Keeping {
    boolean isKept(Pixels first) throws DataFormatException;
  }

  private ImageSet set(Keeping keeping) throws IOException {
    List<Pixels> pictures = new ArrayList<>();
    int[] checksums = new int[list.files().size()];
    look(
        (index, decoded) -> {
          Pixels picture = decoded.pixels();
          checksums[index] = picture.checksum();
          if (index == 0 ? keeping.isKept(picture) : !pictures.isEmpty()) {
            pictures.add(picture);
          }
        });
    ImageSpec spec = survey.spec();
    if (pictures.isEmpty()) {
      return told(ImageSet.in(spec, new PictureStore(decoder, spec, checksums)));
    }
    byte[] values = new byte[pictures.size() * spec.values()];
    for (int image = 0; image < pictures.size(); image++) {
      Pixels picture = pictures.get(image);
      (spec.channels() > 2 ? picture.colour() : picture).copyTo(values, image * spec.values());
    }
    return told(ImageSet.owning(spec, values));
  }

  private ImageSet told(ImageSet images) {
    ImageSet named = list.named(images);
    list.notes().sentences().forEach(choices.listener());
    return named;
  }

  private void look(InTurn.Taker<PictureFile.Decoded, IOException> at) throws IOException {
    try {
      InTurn.each(
          list.files().size(),
          this::decoded,
          (index, decoded) -> {
            survey.look(index, decoded);
            at.take(index, decoded);
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private PictureFile.Decoded decoded(int index) {
    try {
      return decoder.decode(index);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Returns how many values all pictures have, if the first is like the others. */
  private long values(Pixels first) {
    // One coloured picture colours the set, so each is counted with its colours unless grey was
    // asked for.
    int channels =
        (choices.colours() == PictureChoices.Colours.GREY ? 1 : 3) + (first.hasAlpha() ? 1 : 0);
    return (long) channels * first.height() * first.width() * list.files().size();
  }

  private void requireRoom(Pixels first) throws DataFormatException {
    if (values(first) > DataFile.MAX_ARRAY) {
      throw new DataFormatException(
          place,
          String.format(
              Locale.ROOT,
              "%d pictures of %dx%d",
              list.files().size(),
              first.height(),
              first.width()),
          "at most " + DataFile.MAX_ARRAY + " values in all",
          Advice.FIT_PICTURES);
    }
  }
}
