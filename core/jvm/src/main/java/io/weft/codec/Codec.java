package io.weft.codec;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.internal.Seam;
import io.weft.internal.files.HeedingStream;
import io.weft.internal.files.RegularFile;
import io.weft.internal.levels.LevelArray;
import io.weft.internal.step.Arithmetic;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Together;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Codes images without loss in as many bits as a model says, and decodes them: what the model finds
 * likely is short. An immutable value, for any number of threads.
 *
 * <pre>{@code
 * Codec codec = Codec.of(model);
 * codec.encode(Examples.labelled(digits, "class")).save(path);
 * SampledImage one = codec.open(path).image(17);
 * }</pre>
 *
 * <p><b>Size.</b> An image takes the bits that {@link Model#score} says, within a thousandth; each
 * block a byte more, and 5 or 6 in the file's header, which has some 40 beside. Labels take the
 * logarithm of the number of classes, for each image.
 *
 * <p><b>Everywhere.</b> All is computed on the JVM, to the same bits on every machine and Java,
 * with any number of threads. A file is decoded by the model that coded it, under the same {@link
 * io.weft.engine.Versions#arithmetic}; both are written in it, and others are refused in words.
 *
 * <p><b>Method.</b> A range coder (Martin 1979, "Range encoding") takes each colour value with the
 * model's distribution of it, in the order of generation.
 */
public final class Codec {

  /** The images of a block where nothing else is said. */
  public static final int DEFAULT_IMAGES_PER_BLOCK = 32;

  private static final String MEMORY = "these coded images";
  private static final String STREAM = "this stream";

  private final CodingModel model;
  private final Labels labels;
  private final int imagesPerBlock;

  private Codec(CodingModel model, Labels labels, int imagesPerBlock) {
    this.model = model;
    this.labels = labels;
    this.imagesPerBlock = imagesPerBlock;
  }

  /**
   * Returns the codec of a model with the weights that it has now. It needs nothing of the model
   * afterwards, which may be trained on or closed.
   */
  public static Codec of(Model model) {
    return of(model.definition(), model.weights());
  }

  /**
   * Returns the codec of a definition with weights.
   *
   * @throws IllegalArgumentException if the weights are of another definition
   */
  public static Codec of(Definition definition, Weights weights) {
    return of(definition, weights, JvmLoops.best());
  }

  static Codec of(Definition definition, Weights weights, JvmLoops loops) {
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(weights, "weights");
    weights.check(definition);
    return new Codec(
        new CodingModel(definition, weights, loops),
        Labels.of(definition),
        DEFAULT_IMAGES_PER_BLOCK);
  }

  /** Returns the definition of the model, under the order in which values are coded. */
  public Definition definition() {
    return model.definition();
  }

  /**
   * Returns a codec that codes values in another order. What it codes, one of the same order
   * decodes.
   *
   * @throws io.weft.spec.DefinitionException if the model is not causal under the order, or it is
   *     for images of another size
   */
  public Codec order(GenerationOrder order) {
    return new Codec(model.under(definition().under(order)), labels, imagesPerBlock);
  }

  /**
   * Returns a codec that codes so many images together, or one or two fewer, so that all blocks are
   * alike. A block is what can be decoded alone, and what one thread works on: more images in it
   * are quicker, and cost a few bytes less. Of large images a block has fewer, up to 4 million
   * values. Decoding takes what the file says.
   *
   * @param images 1 to 256; {@value #DEFAULT_IMAGES_PER_BLOCK} without this
   * @throws IllegalArgumentException if it is out of range
   */
  public Codec imagesPerBlock(int images) {
    if (images < 1 || images > FileHeader.MOST_PER_BLOCK) {
      throw new IllegalArgumentException(
          "a block has 1 to " + FileHeader.MOST_PER_BLOCK + " images, found " + images);
    }
    return new Codec(model, labels, images);
  }

  /**
   * Returns a codec that leaves labels out: who decodes gives them, as all other conditions.
   * Without this they are coded with the images.
   */
  public Codec labelsGiven() {
    return new Codec(model, Labels.NONE, imagesPerBlock);
  }

  /**
   * Codes images. Labels of class conditions are coded with them unless they are {@linkplain
   * #labelsGiven given}; vectors and maps are not, and have to be given for decoding.
   *
   * <p>Images may have another size than the model's. Up to 48 x 48 pixels they are coded under the
   * model {@linkplain Definition#resized for that size}, if there is one; larger ones in tiles of
   * the model's size, each by itself, of which what reaches beyond the image costs nothing. Their
   * channels and levels are the model's.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws ArithmeticException if the model gives no distribution; the message names the pixel
   * @throws io.weft.memory.MemoryException if a block does not fit into Java's heap
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public CodedImages encode(Examples examples) {
    int[] starts = starts(examples);
    CodedBlock[] blocks = new CodedBlock[starts.length - 1];
    Coding coding = coding(examples.spec());
    int images = header(examples).mostImages();
    coding.checkMemory(coding.encoding(), images);
    int atOnce = coding.blocksAtOnce(coding.encoding(), blocks.length, images);
    for (int from = 0; from < blocks.length; from += atOnce) {
      int begin = from;
      Together.forEach(
          Math.min(atOnce, blocks.length - begin),
          i ->
              blocks[begin + i] =
                  encoded(coding, examples, starts[begin + i], starts[begin + i + 1], 0));
    }
    return assembled(examples, List.of(blocks));
  }

  /**
   * Returns where the blocks of examples begin, and where the last one ends: what may be
   * {@linkplain #block coded} apart.
   *
   * @throws IllegalArgumentException as {@link #encode} does
   */
  @Seam
  public int[] starts(Examples examples) {
    FileHeader.Of of = header(examples);
    return IntStream.rangeClosed(0, of.blocks()).map(of::first).toArray();
  }

  /**
   * Codes the images of one block, on this thread.
   *
   * @param first the number of the first among all, for messages
   */
  @Seam
  public CodedBlock block(Examples images, int first) {
    Coding coding = coding(images.spec());
    coding.checkMemory(coding.encoding(), images.size());
    return encoded(coding, images, 0, images.size(), first);
  }

  /** Puts the blocks of examples together, to what {@link #encode} gives. */
  @Seam
  public CodedImages assembled(Examples examples, List<CodedBlock> blocks) {
    return CodedImages.of(
        model,
        labels,
        header(examples),
        blocks.stream().map(CodedBlock::bytes).toArray(byte[][]::new),
        blocks.stream().mapToInt(CodedBlock::checksum).toArray());
  }

  /** Returns the weights of the model. */
  @Seam
  public Weights weights() {
    return model.weights();
  }

  /** Returns whether labels are coded with the images. */
  @Seam
  public boolean hasLabels() {
    return !labels.classes().isEmpty();
  }

  private FileHeader.Of header(Examples examples) {
    examples.check(coded(examples.spec()), definition().conditions());
    ImageSpec image = examples.spec();
    FileHeader.Of of =
        new FileHeader.Of(
            Arithmetic.version(),
            hasLabels(),
            model.isTiled(image),
            model.fingerprint(),
            image,
            examples.size(),
            Math.min(imagesPerBlock, FileHeader.mostPerBlock(image)));
    if (of.blocks() > FileHeader.MOST_BLOCKS) {
      throw new IllegalArgumentException(
          examples.size()
              + " images in blocks of "
              + of.imagesPerBlock()
              + ", but a file has at most "
              + FileHeader.MOST_BLOCKS
              + " blocks; take more images per block, or several files");
    }
    return of;
  }

  private Coding coding(ImageSpec image) {
    return model.of(image, model.isTiled(image));
  }

  /** What the model's images would be if they had the size of others. */
  private ImageSpec coded(ImageSpec other) {
    ImageSpec own = definition().image();
    return new ImageSpec(other.height(), other.width(), own.channels(), own.levels());
  }

  private CodedBlock encoded(Coding coding, Examples examples, int from, int to, int before) {
    int[] indices = IntStream.range(from, to).toArray();
    LevelArray levels = Batch.of(examples, List.of(), indices).levels();
    List<ConditionValues> conditions =
        IntStream.of(indices).mapToObj(examples::conditions).toList();
    return new CodedBlock(
        BlockEncoder.encode(
            coding.encoding(), coding.tiles(), labels, before + from, conditions, levels),
        BlockEncoder.checksum(labels, conditions, levels));
  }

  /**
   * Opens a file of coded images. Its header is read now, a block when it is asked for; nothing has
   * to be closed.
   *
   * @throws CodecException if it was not coded by this codec's model, is damaged, or made by a
   *     newer Weft
   * @throws IOException if it cannot be read
   */
  public CodedImages open(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return Aside.inOrder(
        () -> {
          FileHeader header;
          try (InputStream in = RegularFile.open(file)) {
            header = checked(FileHeader.read(in, file.toString()), file.toString());
          }
          checkSize(header, Files.size(file), file.toString());
          return new CodedImages(model, labels(header), header, Source.of(file));
        });
  }

  /**
   * Opens coded images in memory.
   *
   * @param file all bytes; copied
   * @throws CodecException if they were not coded by this codec's model, are damaged, or made by a
   *     newer Weft
   */
  public CodedImages open(byte[] file) throws CodecException {
    byte[] bytes = file.clone();
    try {
      FileHeader header = checked(FileHeader.read(new ByteArrayInputStream(bytes), MEMORY), MEMORY);
      checkSize(header, bytes.length, MEMORY);
      return new CodedImages(model, labels(header), header, Source.of(MEMORY, bytes));
    } catch (CodecException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("memory can be read", e);
    }
  }

  /**
   * Reads coded images into memory, to the end of a stream.
   *
   * @param in stays open
   * @throws CodecException if they were not coded by this codec's model, are damaged, or made by a
   *     newer Weft
   * @throws IOException if reading fails
   */
  public CodedImages read(InputStream in) throws IOException {
    InputStream heeding = new HeedingStream(in);
    FileHeader header = checked(FileHeader.read(heeding, STREAM), STREAM);
    byte[][] blocks = new byte[header.of().blocks()][];
    long read = 0;
    for (int block = 0; block < blocks.length; block++) {
      blocks[block] = heeding.readNBytes(header.length(block));
      read += blocks[block].length;
    }
    long more = heeding.read() < 0 ? 0 : 1;
    checkSize(header, header.size() + read + more, STREAM);
    return new CodedImages(model, labels(header), header, Source.of(STREAM, blocks));
  }

  private Labels labels(FileHeader header) {
    return header.of().hasLabels() ? Labels.of(definition()) : Labels.NONE;
  }

  private static void checkSize(FileHeader header, long size, String place) throws CodecException {
    long expected = header.size() + header.payload();
    if (size != expected) {
      throw CodecException.damaged(
          place,
          size < expected ? "its end after " + size + " bytes" : "more bytes than it says",
          expected + " bytes");
    }
  }

  /** Whose images they are matters more than how they are packed. */
  private FileHeader checked(FileHeader header, String place) throws CodecException {
    FileHeader.Of of = header.of();
    if (of.arithmetic() != Arithmetic.version()) {
      throw new CodecException(
          place,
          "images coded under version " + of.arithmetic() + " of the arithmetic",
          "version " + Arithmetic.version(),
          "Use a Weft of that version.");
    }
    if (of.fingerprint() != model.fingerprint()) {
      throw new CodecException(
          place,
          of.count()
              + " images of "
              + of.image()
              + ", coded under model "
              + CodingModel.hex(of.fingerprint()),
          "model "
              + CodingModel.hex(model.fingerprint())
              + " (\""
              + definition().name()
              + "\", for images of "
              + definition().image()
              + ")",
          "Decode with the model, the weights and the order that coded them.");
    }
    boolean isPossible =
        of.image().equals(coded(of.image()))
            && !(of.hasLabels() && Labels.of(definition()).classes().isEmpty());
    if (!isPossible || of.isTiled() != model.isTiled(of.image())) {
      throw CodecException.damaged(
          place, "images of " + of.image(), "images that this model can code");
    }
    return header;
  }

  /**
   * Returns what tells this codec's model, with its order and weights, from others: 16 hexadecimal
   * digits, which are written in each file.
   */
  public String fingerprint() {
    return CodingModel.hex(model.fingerprint());
  }
}
