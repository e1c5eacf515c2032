package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.Cifar10;
import io.weft.data.Idx;
import io.weft.data.ImageFolder;
import io.weft.json.DefinitionJson;
import io.weft.testing.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small files that announce, or unpack to, more than there is: refused in words, on a small heap.
 */
class BombTest {

  private static final String HEAP = "96m";
  private static final int RGBA_16 = 6;

  @TempDir Path temporary;

  /** Reads every bomb in a process of little memory. */
  static final class Reader {
    private final Path folder;

    private Reader(Path folder) {
      this.folder = folder;
    }

    /** What reads a file. */
    private interface Reading {
      void read(Path file) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
      Reader reader = new Reader(Path.of(arguments[0]));
      reader.idx();
      reader.cifar();
      reader.pictures();
      reader.json();
      reader.model();
      System.out.println("done");
    }

    private void refused(String name, byte[] content, Reading reading) throws IOException {
      refused(Files.write(folder.resolve(name), content), reading);
    }

    private static void refused(Path file, Reading reading) {
      try {
        reading.read(file);
      } catch (IOException | IllegalArgumentException e) {
        assertTrue(e.getClass().getName().startsWith("io.weft."), e.toString());
        assertTrue(e.getMessage().length() < 1000, e.getMessage());
        System.out.println(e.getMessage());
        return;
      }
      throw new AssertionError(file + " was read");
    }

    private void idx() throws IOException {
      int most = Integer.MAX_VALUE;
      refused("sides", ints(0x803, most, most, most), Idx::images);
      refused("unsigned", ints(0x803, -1, -1, -1), Idx::images);
      refused("count", ints(0x803, -1, 4096, 4096), Idx::images);
      refused("labels", ints(0x801, -1), Idx::labels);
      refused("true.gz", zipped(ints(0x803, 1 << 18, 32, 32), 1L << 28), Idx::images);
      refused("labels.gz", zipped(ints(0x801, 1 << 28), 1L << 28), Idx::labels);
      refused("longer.gz", zipped(ints(0x803, 1, 32, 32), 1L << 28), Idx::images);
      refused("announced.gz", FileKind.gzip(ints(0x803, 1 << 20, 1024, 1024)), Idx::images);
    }

    private void cifar() throws IOException {
      refused(sparse("large.bin", 3073L * 300_000), Cifar10::file);
      refused(sparse("huge.bin", 3073L * 1_000_000), Cifar10::file);
    }

    private Path sparse(String name, long bytes) throws IOException {
      Path path = folder.resolve(name);
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        file.setLength(bytes);
      }
      return path;
    }

    private void pictures() throws IOException {
      Reading picture = file -> ImageFolder.file(file).read();
      refused("sides.png", png(60_000, 60_000, new byte[0], new byte[0]), picture);
      refused("most.png", png(-1, -1, new byte[0], new byte[0]), picture);
      refused("empty.png", png(5_700, 5_700, new byte[0], new byte[0]), picture);
      // 32 million pixels of 8 bytes, all there, within the limit on pixels: beyond this heap.
      byte[] rows = deflated((1 + 5_700L * 8) * 5_700);
      refused("whole.png", png(5_700, 5_700, rows, new byte[0]), picture);
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      text.writeBytes("key\0\0".getBytes(StandardCharsets.ISO_8859_1));
      text.writeBytes(deflated(1L << 28));
      byte[] withText = png(1, 1, deflated(9), text.toByteArray());
      Path file = Files.write(folder.resolve("text.png"), withText);
      assertEquals(1, ImageFolder.file(file).ground(0).read().size(), "texts are passed over");
    }

    private void json() throws IOException {
      Reading definition = DefinitionJson.standard()::read;
      refused("deep.json", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8), definition);
      refused("long.json", "[],".repeat(1_000_000).getBytes(StandardCharsets.UTF_8), definition);
      refused("number.json", "9".repeat(900_000).getBytes(StandardCharsets.UTF_8), definition);
      refused("exponent.json", "1e999999999".getBytes(StandardCharsets.UTF_8), definition);
      refused(sparse("sparse.json", 1L << 40), definition);
      StringBuilder orders = new StringBuilder();
      for (int i = 0; i < 256; i++) {
        orders.append(i == 0 ? "" : ", ").append("\"random:").append(i).append('"');
      }
      refused("orders.json", large(", \"orders\": [" + orders + "]", 1), definition);
      refused("one-order.json", large("", 1), definition);
      refused("layers.json", large("", 40), definition);
    }

    /** A definition of images of 4096 x 4096, which is short all the same. */
    private static byte[] large(String orders, int layers) {
      StringBuilder nodes = new StringBuilder();
      for (int i = 0; i < layers; i++) {
        nodes
            .append(i == 0 ? "" : ", ")
            .append("{\"name\": \"l" + i + "\", \"layer\": {\"type\": \"activation\", ")
            .append("\"function\": \"RELU\"}, \"inputs\": [\"")
            .append(i == 0 ? "image" : "l" + (i - 1))
            .append("\"]}");
      }
      return ("{\"format\": \"weft-definition\", \"version\": 1, \"name\": \"large\", \"image\": "
              + "{\"height\": 4096, \"width\": 4096, \"channels\": 1, \"levels\": 2}, \"order\":"
              + " \"raster\""
              + orders
              + ", \"nodes\": ["
              + nodes
              + "], \"output\": \"l0\", \"distribution\": \"softmax\"}")
          .getBytes(StandardCharsets.UTF_8);
    }

    private void model() throws IOException {
      Path model = Files.createDirectory(folder.resolve("model"));
      Path manifest = model.resolve("model.json");
      Reading load = file -> Model.load(model).close();
      String head = "{\"format\": \"weft-model\", \"version\": 1, \"history\": ";
      for (String bomb : List.of("[", "[],", "1,", "1e999999999,", "\"x\",", "{\"x\":")) {
        try (Writer out = Files.newBufferedWriter(manifest)) {
          out.write(head + "[");
          for (int bytes = 0; bytes < 60_000_000; bytes += bomb.length()) {
            out.write(bomb);
          }
          out.write("1]}");
        }
        refused(manifest, load);
      }
      refused(sparse("model/model.json", 1L << 40), load);
    }

    private static byte[] ints(int... numbers) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
      bytes.asIntBuffer().put(numbers);
      return bytes.array();
    }

    private static byte[] zipped(byte[] head, long zeros) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out = new GZIPOutputStream(bytes)) {
        out.write(head);
        zeros(out, zeros);
      }
      return bytes.toByteArray();
    }

    private static byte[] deflated(long zeros) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out = new DeflaterOutputStream(bytes)) {
        zeros(out, zeros);
      }
      return bytes.toByteArray();
    }

    private static void zeros(OutputStream out, long count) throws IOException {
      byte[] block = new byte[1 << 16];
      for (long left = count; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(left, block.length));
      }
    }

    /** A picture of 16-bit colour with alpha, and a compressed text. */
    private static byte[] png(int width, int height, byte[] pixels, byte[] text) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
      ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
      chunk(bytes, "IHDR", header.put((byte) 16).put((byte) RGBA_16).array());
      if (text.length > 0) {
        chunk(bytes, "zTXt", text);
      }
      chunk(bytes, "IDAT", pixels);
      chunk(bytes, "IEND", new byte[0]);
      return bytes.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream bytes, String type, byte[] content) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
      body.writeBytes(content);
      CRC32 crc = new CRC32();
      crc.update(body.toByteArray());
      bytes.writeBytes(ints(content.length));
      bytes.writeBytes(body.toByteArray());
      bytes.writeBytes(ints((int) crc.getValue()));
    }
  }

  @Test
  void isRefusedWithinLittleMemory() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(ChildJvm.command(HEAP, Reader.class, temporary.toString()));
    System.out.println(ended.output());
    assertEquals(0, ended.exit(), ended.output());
    assertTrue(ended.output().contains("done"), ended.output());
  }
}
