package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.codec.CodecException;
import io.weft.codec.CodedImages;
import io.weft.complete.PixelMask;
import io.weft.data.Cifar10;
import io.weft.data.DataFormatException;
import io.weft.data.Examples;
import io.weft.data.Idx;
import io.weft.data.ImageFolder;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.exchange.Tensor;
import io.weft.exchange.TensorFile;
import io.weft.image.Picture;
import io.weft.json.DefinitionJson;
import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import io.weft.testing.RandomWeights;
import io.weft.testing.SavedModels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/**
 * A kind of file that Weft reads.
 *
 * @param name of the kind
 * @param path where its reader looks for the file
 * @param whole two good files
 * @param repair brings checksums in order after damage, so that what lies behind them is met
 * @param reader reads the file and says what it means
 * @param refusal what is thrown for one that cannot be read
 * @param isChecked whether damage shows: what is read is then what was written
 */
record FileKind(
    String name,
    Path path,
    List<byte[]> whole,
    UnaryOperator<byte[]> repair,
    Reader reader,
    Class<? extends Exception> refusal,
    boolean isChecked) {

  /** Reads a file and says in words what it means. */
  interface Reader {
    String read(Path path) throws IOException;
  }

  private static final int SIDE = 12;

  /** Of 2 rows and 3 columns without loss, written by libwebp: Java has nothing that does. */
  private static final byte[] WEBP =
      Base64.getDecoder()
          .decode("UklGRi4AAABXRUJQVlA4TCIAAAAvAkAAAC8wyGLBFHePrjmY/9gABgBq2jZgQ51/OTWi/zG9");

  static List<FileKind> all(Path folder) throws IOException {
    List<FileKind> kinds = new ArrayList<>(data(folder));
    kinds.addAll(pictures(folder));
    kinds.addAll(modelFiles(folder.resolve("model")));
    kinds.addAll(coded(folder.resolve("images.weft")));
    kinds.addAll(arrays(folder));
    kinds.addAll(WrittenKinds.all(folder));
    return kinds;
  }

  /** Weights of other programs. */
  private static List<FileKind> arrays(Path folder) throws IOException {
    Reader reader =
        path -> {
          TensorFile file = TensorFile.open(path);
          StringBuilder meaning = new StringBuilder();
          for (String name : file.entries().keySet()) {
            meaning.append(name).append(file.read(name).hashCode()).append(' ');
          }
          return meaning.toString();
        };
    List<byte[]> safetensors = new ArrayList<>();
    List<byte[]> npz = new ArrayList<>();
    Path file = folder.resolve("arrays");
    for (int size : new int[] {3, 2}) {
      Map<String, Tensor> arrays = new LinkedHashMap<>();
      arrays.put("a/kernel", Tensor.of(List.of(2, size), new float[2 * size]));
      arrays.put("a/bias", Tensor.of(List.of(size), new float[size]));
      TensorFile.writeSafetensors(file, arrays);
      safetensors.add(Files.readAllBytes(file));
      TensorFile.writeNpz(file, arrays);
      npz.add(Files.readAllBytes(file));
    }
    return List.of(
        data(folder.resolve("w.safetensors"), safetensors, reader),
        data(folder.resolve("w.npz"), npz, reader));
  }

  private static FileKind data(Path path, List<byte[]> whole, Reader reader) {
    return new FileKind(
        path.getFileName().toString(),
        path,
        whole,
        UnaryOperator.identity(),
        reader,
        DataFormatException.class,
        false);
  }

  private FileKind checked() {
    return new FileKind(name, path, whole, repair, reader, refusal, true);
  }

  private FileKind repaired(UnaryOperator<byte[]> how) {
    return new FileKind(name + ", repaired", path, whole, how, reader, refusal, false);
  }

  private static List<FileKind> data(Path folder) {
    List<byte[]> images = List.of(idx(3, 20), idx(3, 7));
    List<byte[]> labels = List.of(idx(1, 20), idx(1, 7));
    Reader idx = path -> meaning(Idx.images(path));
    FileKind zipped =
        data(folder.resolve("images.gz"), images.stream().map(FileKind::gzip).toList(), idx);
    FileKind inner = data(folder.resolve("inner.gz"), images, idx).repaired(FileKind::gzip);
    return List.of(
        data(folder.resolve("images-idx3-ubyte"), images, idx),
        zipped.checked(),
        inner,
        data(
            folder.resolve("labels-idx1-ubyte"), labels, path -> Arrays.toString(Idx.labels(path))),
        data(
            folder.resolve("batch.bin"),
            List.of(cifar(3), cifar(2)),
            path -> meaning(Cifar10.file(path))),
        new FileKind(
            "definition.json alone",
            folder.resolve("alone.json"),
            List.of(
                DefinitionJson.standard()
                    .write(SavedModels.definition())
                    .getBytes(StandardCharsets.UTF_8),
                "{}".getBytes(StandardCharsets.UTF_8)),
            UnaryOperator.identity(),
            FileKind::definition,
            DefinitionException.class,
            false));
  }

  private static String definition(Path path) throws IOException {
    Definition read = DefinitionJson.standard().read(path);
    String text = DefinitionJson.standard().write(read);
    assertEquals(read, DefinitionJson.standard().read(text));
    return text;
  }

  private static List<FileKind> pictures(Path folder) throws IOException {
    List<FileKind> kinds = new ArrayList<>();
    for (int type :
        List.of(
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_USHORT_GRAY,
            BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_BYTE_INDEXED)) {
      FileKind png =
          data(
                  folder.resolve("picture-" + type + ".png"),
                  List.of(picture(type, "png", 1), picture(type, "png", 2)),
                  path -> meaning(ImageFolder.file(path).ground(0xFFFFFF).read()))
              .checked();
      kinds.add(png);
      kinds.add(png.repaired(FileKind::repairedPng));
    }
    for (String format : List.of("gif", "bmp", "tif")) {
      kinds.add(
          data(
              folder.resolve("picture." + format),
              List.of(
                  picture(BufferedImage.TYPE_3BYTE_BGR, format, 1),
                  picture(BufferedImage.TYPE_3BYTE_BGR, format, 2)),
              path -> meaning(ImageFolder.file(path).read())));
    }
    kinds.add(
        data(
            folder.resolve("picture.webp"),
            List.of(WEBP, WEBP),
            path -> meaning(ImageFolder.file(path).read())));
    kinds.add(
        data(
            folder.resolve("picture.jpg"),
            List.of(
                picture(BufferedImage.TYPE_3BYTE_BGR, "jpg", 1),
                picture(BufferedImage.TYPE_BYTE_GRAY, "jpg", 2)),
            path -> meaning(ImageFolder.file(path).read())));
    Path many = Files.createDirectories(folder.resolve("pictures").resolve("a"));
    List<byte[]> whole =
        List.of(
            picture(BufferedImage.TYPE_BYTE_GRAY, "png", 1),
            picture(BufferedImage.TYPE_BYTE_GRAY, "png", 2));
    Files.write(many.resolve("1.png"), whole.get(1));
    kinds.add(
        data(many.resolve("2.png"), whole, path -> meaning(ImageFolder.at(many.getParent()).read()))
            .checked());
    kinds.add(
        data(
                folder.resolve("mask.png"),
                whole,
                path ->
                    PixelMask.whiteIsMissing(Picture.of(ImageFolder.file(path).grey().read(), 0))
                        .toString())
            .checked());
    return kinds;
  }

  private static List<FileKind> modelFiles(Path folder) throws IOException {
    try (Model model = SavedModels.trained(1);
        Model other = SavedModels.trained(2)) {
      Path second = folder.resolveSibling("other");
      model.save(folder);
      other.save(second);
      List<FileKind> kinds = new ArrayList<>();
      for (var file : SavedModels.files(folder).entrySet()) {
        kinds.add(
            new FileKind(
                "model/" + file.getKey(),
                folder.resolve(file.getKey()),
                List.of(file.getValue(), Files.readAllBytes(second.resolve(file.getKey()))),
                UnaryOperator.identity(),
                path -> meaning(folder),
                ModelFormatException.class,
                true));
      }
      return kinds;
    }
  }

  private static List<FileKind> coded(Path path) throws IOException {
    Definition definition = SavedModels.definition();
    Codec codec = Codec.of(definition, RandomWeights.of(definition, 3)).imagesPerBlock(4);
    CodedImages first = codec.encode(Examples.labelled(SavedModels.DIGITS.take(10), "class"));
    CodedImages second = codec.encode(Examples.labelled(SavedModels.DIGITS.slice(10, 13), "class"));
    FileKind kind =
        new FileKind(
            "images.weft",
            path,
            List.of(bytes(first), bytes(second)),
            UnaryOperator.identity(),
            file -> meaning(codec.open(file).decode().images()),
            CodecException.class,
            true);
    int header = first.headerBytes();
    return List.of(kind, kind.repaired(damaged -> repairedHeader(damaged, header)));
  }

  private static byte[] bytes(CodedImages coded) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coded.writeTo(out);
    return out.toByteArray();
  }

  /** Gives the header the checksum that fits it, if it is as long as it was. */
  private static byte[] repairedHeader(byte[] damaged, int header) {
    byte[] bytes = damaged.clone();
    if (bytes.length >= header) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, header - Integer.BYTES);
      ByteBuffer.wrap(bytes).putInt(header - Integer.BYTES, (int) crc.getValue());
    }
    return bytes;
  }

  private static String meaning(Path model) throws IOException {
    try (Model loaded = Model.load(model)) {
      return Digest.of(loaded.snapshot())
          + loaded.history()
          + DefinitionJson.standard().write(loaded.definition());
    }
  }

  private static String meaning(ImageSet set) {
    return set.size() + " images " + set.spec() + " " + set.fingerprint();
  }

  private static byte[] idx(int dimensions, int count) {
    int[] sizes = {count, SIDE, SIDE};
    int values = 1;
    ByteBuffer header = ByteBuffer.allocate(4 + 4 * dimensions).putInt(0x0800 + dimensions);
    for (int d = 0; d < dimensions; d++) {
      header.putInt(sizes[d]);
      values *= sizes[d];
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(header.array());
    all.writeBytes(random(values, 10));
    return all.toByteArray();
  }

  private static byte[] cifar(int records) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < records; i++) {
      all.write(i);
      all.writeBytes(random(3072, 256));
    }
    return all.toByteArray();
  }

  private static byte[] random(int count, int bound) {
    Random random = new Random(count);
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) random.nextInt(bound);
    }
    return bytes;
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return zipped.toByteArray();
  }

  private static byte[] picture(int type, String format, int seed) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, type);
    Random random = new Random(seed);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  /** Gives each chunk that is whole the checksum that fits it. */
  private static byte[] repairedPng(byte[] damaged) {
    ByteBuffer bytes = ByteBuffer.wrap(damaged.clone());
    int at = 8;
    while (at + 12 <= bytes.capacity()) {
      int length = bytes.getInt(at);
      if (length < 0 || length > bytes.capacity() - at - 12) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(bytes.array(), at + 4, length + 4);
      bytes.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
    return bytes.array();
  }
}
