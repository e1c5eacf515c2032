package io.weft.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.model.PixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no file of this model's is refused in words, wherever it is read from. */
class CodedFilesTest {

  private static final Definition MODEL = PixelCnn.of(new ImageSpec(4, 3, 1, 4), 1, 4, 3);

  private static final Codec CODEC = Codec.of(MODEL, RandomWeights.of(MODEL, 1)).imagesPerBlock(2);

  private static byte[] file;
  private static int header;

  @TempDir private Path folder;

  @BeforeAll
  static void code() throws Exception {
    int[] levels = IntStream.range(0, 5 * 12).map(i -> i * i % 7 % 4).toArray();
    CodedImages coded = CODEC.encode(Examples.of(ImageSet.of(MODEL.image(), levels)));
    file = CodecTest.bytes(coded);
    header = coded.headerBytes();
  }

  /** Checks that bytes are refused in memory, from a stream and as a file, with the same words. */
  private void refused(byte[] bytes, String expected) throws IOException {
    Path path = folder.resolve("images.weft");
    Files.write(path, bytes);
    assertEquals(
        path + ": " + expected,
        assertThrows(CodecException.class, () -> CODEC.open(path)).getMessage());
    assertEquals(
        "these coded images: " + expected,
        assertThrows(CodecException.class, () -> CODEC.open(bytes)).getMessage());
    assertEquals(
        "this stream: " + expected,
        assertThrows(CodecException.class, () -> CODEC.read(new ByteArrayInputStream(bytes)))
            .getMessage());
  }

  private static byte[] changed(int at, int to) {
    byte[] bytes = file.clone();
    bytes[at] = (byte) to;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, header - 4);
    ByteBuffer.wrap(bytes).putInt(header - 4, (int) crc.getValue());
    return bytes;
  }

  @Test
  void foreignFiles() throws IOException {
    refused(
        "PK\3\4, a zip".getBytes(StandardCharsets.ISO_8859_1),
        "found what begins with the bytes 50 4b 03 04; expected images that Weft coded, which"
            + " begin with 57 45 46 54. Give a file that a codec wrote.");
    refused(
        new byte[0],
        "found nothing; expected images that Weft coded, which begin with 57 45 46 54. Give a file"
            + " that a codec wrote.");
  }

  @Test
  void newerFiles() throws IOException {
    refused(
        changed(4, 3),
        "found images in format 3; expected format 1 or 2. Use the newer Weft that wrote them; if none"
            + " did, the file is damaged.");
    refused(
        changed(5, 2),
        "found images coded under version 2 of the arithmetic; expected version 1. Use a Weft of"
            + " that version.");
  }

  @Test
  void anotherModelsFiles() throws IOException {
    byte[] bytes = changed(7, file[7] ^ 1);
    String other = String.format(Locale.ROOT, "%016x", ByteBuffer.wrap(bytes).getLong(7));
    refused(
        bytes,
        "found 5 images of 4x3x1, 4 levels, coded under model "
            + other
            + "; expected model "
            + CODEC.fingerprint()
            + " (\"pixelcnn\", for images of 4x3x1, 4 levels). Decode with the model, the weights"
            + " and the order that coded them.");
  }

  @Test
  void cutAndLongerFiles() throws IOException {
    String advice = " The file is damaged: copy it anew, or code the images again.";
    refused(
        Arrays.copyOf(file, 9),
        "found its end after 9 bytes; expected the rest of its header." + advice);
    refused(
        Arrays.copyOf(file, file.length - 1),
        "found its end after "
            + (file.length - 1)
            + " bytes; expected "
            + file.length
            + " bytes."
            + advice);
    refused(
        Arrays.copyOf(file, file.length + 1),
        "found more bytes than it says; expected " + file.length + " bytes." + advice);
  }

  @Test
  void aFileThatIsCutOffWhileItIsOpen() throws IOException {
    Path path = Files.write(folder.resolve("images.weft"), file);
    CodedImages open = CODEC.open(path);
    // Before the last block, and within it.
    for (int length : new int[] {header, file.length - 1}) {
      Files.write(path, Arrays.copyOf(file, length));
      assertEquals(
          path
              + ": found its end within a block; expected the whole block. The file is damaged:"
              + " copy it anew, or code the images again.",
          assertThrows(CodecException.class, () -> open.image(4)).getMessage());
    }
  }

  @Test
  void aFileThatIsGoneIsNotTheOneToBeSaved() throws IOException {
    Path path = Files.write(folder.resolve("images.weft"), file);
    CodedImages open = CODEC.open(path);
    Files.delete(path);
    Path copy = folder.resolve("copy.weft");
    var gone = assertThrows(NoSuchFileException.class, () -> open.save(copy));
    assertEquals(path.toString(), gone.getFile());
  }

  @Test
  void numbersThatDoNotFit() throws IOException {
    String why =
        "found a header with numbers that do not fit together; expected the header that was"
            + " written. The file is damaged: copy it anew, or code the images again.";
    byte[] bytes = file.clone();
    bytes[15] ^= 1;
    refused(bytes, why);
    // No images, unknown flags, five channels.
    refused(changed(19, 0), why);
    refused(changed(6, 4), why);
    refused(changed(17, 5), why);
  }
}
