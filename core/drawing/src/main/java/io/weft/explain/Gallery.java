package io.weft.explain;

import io.weft.image.ContactSheet;
import io.weft.image.Picture;
import io.weft.sample.SampledImage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Pictures with captions, to be looked at: in a notebook or on a page as HTML, elsewhere as one
 * picture. Immutable.
 */
public final class Gallery {

  /** Smaller pictures are enlarged to about this, in pixels. */
  private static final int SIDE = 96;

  private final List<Picture> pictures;
  private final List<String> captions;

  private Gallery(List<Picture> pictures, List<String> captions) {
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("no pictures; expected at least one");
    }
    this.pictures = List.copyOf(pictures);
    this.captions = List.copyOf(captions);
  }

  /** Returns a gallery of one picture. */
  public static Gallery of(Picture picture, String caption) {
    return of(List.of(picture), index -> caption);
  }

  /**
   * Returns a gallery of pictures, which may differ in size.
   *
   * @param pictures at least one
   * @param caption says what is to be seen on the picture of an index, 0 to pictures.size() - 1
   * @throws IllegalArgumentException if there are no pictures
   */
  public static Gallery of(List<Picture> pictures, IntFunction<String> caption) {
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      captions.add(Objects.requireNonNull(caption.apply(i), "caption"));
    }
    return new Gallery(pictures, captions);
  }

  /**
   * Returns a gallery of generated images.
   *
   * @param images at least one
   * @param caption says what an image was to be, for example its label
   * @throws IllegalArgumentException if there are no images
   */
  public static Gallery ofSamples(
      List<SampledImage> images, Function<SampledImage, String> caption) {
    return of(
        images.stream().map(SampledImage::picture).toList(),
        index -> caption.apply(images.get(index)));
  }

  /**
   * Returns a fragment of HTML that needs no other file: each picture, small ones enlarged, above
   * its caption, which is also its text for those who do not see it.
   */
  public String html() {
    StringBuilder html = new StringBuilder();
    html.append("<div style=\"display:flex;flex-wrap:wrap;gap:8px\">\n");
    for (int i = 0; i < pictures.size(); i++) {
      Picture shown = pictures.get(i).chequered().enlargedTo(SIDE);
      String caption = Markup.escaped(captions.get(i));
      html.append("<figure style=\"margin:0;text-align:center\"><img src=\"data:image/png;base64,");
      html.append(Base64.getEncoder().encodeToString(shown.toPng()));
      html.append("\" width=\"").append(shown.width());
      html.append("\" height=\"").append(shown.height());
      html.append("\" alt=\"").append(caption);
      // Read out once, as the picture's text.
      html.append("\"><figcaption aria-hidden=\"true\">").append(caption);
      html.append("</figcaption></figure>\n");
    }
    return html.append("</div>\n").toString();
  }

  /**
   * Returns the same as one picture, as {@link ContactSheet} lays it out.
   *
   * @param columns pictures in a row, at least 1
   * @throws IllegalArgumentException if there are no columns, or the pictures differ in size
   */
  public Picture sheet(int columns) {
    return new ContactSheet(columns)
        .of(pictures.stream().map(picture -> picture.enlargedTo(SIDE)).toList(), captions);
  }

  /** Returns the captions. */
  @Override
  public String toString() {
    return "gallery of " + String.join(", ", captions);
  }
}
