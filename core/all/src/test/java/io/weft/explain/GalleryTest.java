package io.weft.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.image.Picture;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class GalleryTest {

  private static final Picture GREY = Picture.of(4, 6, 1, (row, column, channel) -> 40 * row);
  private static final Picture RED =
      Picture.of(4, 6, 3, (row, column, channel) -> channel == 0 ? 200 : 0);

  @Test
  void eachPictureIsShownWithItsCaptionAsItsText() throws Exception {
    Document html = parsed(Gallery.of(List.of(GREY, RED), i -> "digit " + i).html());
    assertEquals(2, html.getElementsByTagName("img").getLength());
    Element image = (Element) html.getElementsByTagName("img").item(1);
    assertEquals("digit 1", image.getAttribute("alt"));
    Element caption = (Element) html.getElementsByTagName("figcaption").item(1);
    assertEquals("digit 1", caption.getTextContent());
    assertEquals("true", caption.getAttribute("aria-hidden"));

    String source = image.getAttribute("src");
    String kind = "data:image/png;base64,";
    assertTrue(source.startsWith(kind), source);
    byte[] png = Base64.getDecoder().decode(source.substring(kind.length()));
    assertArrayEquals(RED.scaled(16).toPng(), png);
    var decoded = ImageIO.read(new ByteArrayInputStream(png));
    assertEquals("" + decoded.getWidth(), image.getAttribute("width"));
    assertEquals("" + decoded.getHeight(), image.getAttribute("height"));
  }

  @Test
  void captionsAreNoMarkup() throws Exception {
    String caption = "\"><script>alert('<&>')</script>";
    String html = Gallery.of(GREY, caption).html();
    assertTrue(!html.contains("<script"), html);
    Element image = (Element) parsed(html).getElementsByTagName("img").item(0);
    assertEquals(caption, image.getAttribute("alt"));
  }

  @Test
  void aSheetHasThePicturesEnlargedSideBySide() {
    Picture sheet = Gallery.of(List.of(GREY, RED, GREY), i -> "").sheet(2);
    assertEquals(2 + 2 * (64 + 2), sheet.height());
    assertEquals(2 + 2 * (96 + 2), sheet.width());
    assertEquals(200, sheet.value(2, 2 + 96 + 2, 0));
  }

  @Test
  void largePicturesStayAsTheyAre() {
    Picture large = Picture.of(3, 49, 1, (row, column, channel) -> 0);
    assertSame(large, large.enlargedTo(97));
    assertEquals(98, large.enlargedTo(98).width());
  }

  @Test
  void noPicturesAreNoGallery() {
    var none =
        assertThrows(IllegalArgumentException.class, () -> Gallery.of(List.of(), i -> "none"));
    assertEquals("no pictures; expected at least one", none.getMessage());
  }

  /** The fragment is well-formed XML but for the image's tag, which has no end in HTML. */
  private static Document parsed(String html) throws Exception {
    String xml = html.replaceAll("(<img [^>]*)>", "$1/>");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }
}
