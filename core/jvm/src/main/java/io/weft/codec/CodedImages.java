package io.weft.codec;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.levels.LevelArray;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Interruption;
import io.weft.sample.Pixel;
import io.weft.sample.PixelRow;
import io.weft.sample.SampledImage;
import io.weft.sample.Samples;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Images that a {@link Codec} coded: what it encoded now, or a file that it opened. An immutable
 * value, for any number of threads; each way of asking decodes anew.
 *
 * <p>Series are cold and pulled, and end on an interrupt, as those of a {@link
 * io.weft.sample.Sampler}. Each image is checked against a checksum: by {@link #images}, {@link
 * #image} and {@link #decode} before it is given, by {@link #pixels} and {@link #rows} before the
 * last pixel of its block is. If it does not match, or the file cannot be read, a series throws an
 * {@link UncheckedIOException}, whose cause is the {@link CodecException} that the others throw.
 */
public final class CodedImages {

  private final CodingModel model;
  private final Labels labels;
  private final FileHeader header;
  private final Source source;

  /** Of each image what is not in the blocks. */
  private final IntFunction<ConditionValues> given;

  CodedImages(CodingModel model, Labels labels, FileHeader header, Source source) {
    this(model, labels, header, source, image -> ConditionValues.none());
  }

  private CodedImages(
      CodingModel model,
      Labels labels,
      FileHeader header,
      Source source,
      IntFunction<ConditionValues> given) {
    this.model = model;
    this.labels = labels;
    this.header = header;
    this.source = source;
    this.given = given;
  }

  /** Returns images that were coded now. */
  static CodedImages of(
      CodingModel model, Labels labels, FileHeader.Of of, byte[][] blocks, int[] checksums) {
    int[] lengths = Arrays.stream(blocks).mapToInt(block -> block.length).toArray();
    return new CodedImages(
        model,
        labels,
        FileHeader.of(of, lengths, checksums),
        Source.of("these coded images", blocks));
  }

  /** Returns the number of images. */
  public int size() {
    return header.of().count();
  }

  /** Returns what the images are like. */
  public ImageSpec spec() {
    return header.of().image();
  }

  /** Returns the number of blocks, each of which can be decoded alone. */
  public int blocks() {
    return header.of().blocks();
  }

  /** Returns whether labels are coded with the images. */
  public boolean hasLabels() {
    return header.of().hasLabels();
  }

  /** Returns the size of the whole file, in bytes. */
  public long bytes() {
    return headerBytes() + payloadBytes();
  }

  /** Returns the size of what the file begins with, in bytes: what is in it, and where. */
  public int headerBytes() {
    return header.size();
  }

  /** Returns the size of all blocks, in bytes: of the images themselves. */
  public long payloadBytes() {
    return header.payload();
  }

  /**
   * Returns the labels of all images for a class condition, without decoding the images: labels are
   * what a block begins with. Like any damage, a wrong label is found when its image is decoded.
   *
   * @param condition the name of a class condition of the model
   * @throws IllegalArgumentException if there is no such condition, or its labels are not in the
   *     file
   * @throws IOException if the file cannot be read
   */
  public int[] labels(String condition) throws IOException {
    Condition.OneOf asked =
        labels.classes().stream()
            .filter(known -> known.name().equals(condition))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(noLabels(condition)));
    int[] all = new int[size()];
    for (int block = 0; block < blocks(); block++) {
      int at = block;
      byte[] bytes = Aside.inOrder(() -> bytes(at));
      RangeDecoder decoder = new RangeDecoder(bytes);
      for (int i = header.of().first(block); i < header.of().first(block + 1); i++) {
        all[i] = labels.decode(decoder, ConditionValues.none()).label(asked);
      }
    }
    return all;
  }

  private String noLabels(String condition) {
    List<String> coded = labels.classes().stream().map(Condition::name).toList();
    return "no labels of \""
        + condition
        + "\" are coded with these images"
        + (coded.isEmpty() ? ", which have none" : ", but of " + coded);
  }

  /**
   * Returns the conditions whose values are not in the file, and have to be {@linkplain
   * #conditions(IntFunction) given}; none for most models.
   */
  public List<Condition> missingConditions() {
    return labels.others(model.definition());
  }

  /**
   * Returns the same images with what is not in the file.
   *
   * @param ofImage gives the values of the {@linkplain #missingConditions missing conditions} that
   *     an image was coded under, by its index; a pure function
   */
  public CodedImages conditions(IntFunction<ConditionValues> ofImage) {
    Objects.requireNonNull(ofImage, "ofImage");
    return new CodedImages(model, labels, header, source, ofImage);
  }

  /**
   * Returns the same images with what is not in the file.
   *
   * @param ofImages the values as above, one for each image
   * @throws IllegalArgumentException if there is not one for each image
   */
  public CodedImages conditions(List<ConditionValues> ofImages) {
    List<ConditionValues> values = List.copyOf(ofImages);
    if (values.size() != size()) {
      throw new IllegalArgumentException(
          "conditions for " + values.size() + " images, but there are " + size());
    }
    return conditions(values::get);
  }

  /**
   * Returns one image; decodes its block alone.
   *
   * @throws IndexOutOfBoundsException if there is no such image
   * @throws IllegalArgumentException if conditions are missing or do not fit
   * @throws CodecException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public SampledImage image(int index) throws IOException {
    int block = header.of().block(Objects.checkIndex(index, size()));
    Samples<SampledImage> images = Samples.images(spec(), () -> new Runs(block, block + 1, 1, 1));
    return checked(images::toList).get(index - header.of().first(block));
  }

  /**
   * Returns the series of pixels, in the order of generation, as soon as each is decoded: block
   * after block, of a block a pixel of each image, then the next of each.
   */
  public Samples<Pixel> pixels() {
    return Samples.pixels(spec(), () -> new Runs(0, blocks(), 1, 1));
  }

  /** Returns the series of rows, each as soon as its last pixel is decoded; else as above. */
  public Samples<PixelRow> rows() {
    return Samples.rows(spec(), () -> new Runs(0, blocks(), 1, spec().width()));
  }

  /** Returns the series of images; several blocks are decoded at once, by several threads. */
  public Samples<SampledImage> images() {
    return Samples.images(spec(), this::manyRuns);
  }

  private Runs manyRuns() {
    Coding coding = coding();
    int atOnce = coding.blocksAtOnce(coding.decoding(), blocks(), header.of().mostImages());
    return new Runs(0, blocks(), atOnce, spec().width());
  }

  /**
   * Returns all images, with what each is conditioned on. Where that is a class, the images have
   * its label and the model's names.
   *
   * @throws IllegalArgumentException if conditions are missing or do not fit
   * @throws IllegalStateException if all images are more than Java's heap
   * @throws CodecException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public Examples decode() throws IOException {
    return checked(this::all);
  }

  private Examples all() {
    long values = (long) size() * spec().values();
    long size = values * LevelArray.bytesEach(spec());
    if (values > Integer.MAX_VALUE - Byte.SIZE || size > Runtime.getRuntime().maxMemory()) {
      throw new IllegalStateException(
          size()
              + " images of "
              + spec()
              + " are "
              + size
              + " bytes, more than Java's heap or an array holds; take them one after another"
              + " (images), or give Java a larger heap (-Xmx)");
    }
    LevelArray levels = LevelArray.of(spec(), (int) values);
    List<ConditionValues> conditions = new ArrayList<>();
    Runs runs = manyRuns();
    while (runs.hasNext()) {
      try (BlockRun run = runs.next()) {
        for (int pixel = 0; pixel < spec().pixels(); pixel++) {
          run.advancePixel();
        }
        for (int i = 0; i < run.images(); i++) {
          run.copyImage(i, levels, conditions.size() * spec().values());
          conditions.add(run.conditions(i));
        }
      }
    }
    return examples(ImageSet.owning(spec(), levels), List.copyOf(conditions));
  }

  private Examples examples(ImageSet images, List<ConditionValues> conditions) {
    List<Condition.OneOf> classes = Labels.of(model.definition()).classes();
    if (classes.size() != 1) {
      return Examples.conditioned(images, conditions::get);
    }
    Condition.OneOf only = classes.get(0);
    int[] found = conditions.stream().mapToInt(values -> values.label(only)).toArray();
    return Examples.conditioned(images.labelled(found, only.classes().list()), conditions::get);
  }

  /** Writes the file. */
  public void save(Path file) throws IOException {
    Aside.inOrder(() -> AtomicFile.write(file, this::writeTo));
  }

  /**
   * Writes what the file has.
   *
   * @param out stays open
   * @throws IOException if writing fails
   */
  public void writeTo(OutputStream out) throws IOException {
    out.write(header.bytes());
    for (int block = 0; block < blocks(); block++) {
      Interruption.check();
      out.write(bytes(block));
    }
    out.flush();
  }

  private byte[] bytes(int block) throws IOException {
    return source.read(header, block);
  }

  private static <T> T checked(Supplier<T> decoding) throws IOException {
    try {
      return decoding.get();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Coding coding() {
    return model.of(spec(), header.of().isTiled());
  }

  private ConditionValues given(int image) {
    try {
      ConditionValues values = Objects.requireNonNull(given.apply(image), "conditions");
      values.check(missingConditions());
      return values;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "image "
              + image
              + " was coded under values of "
              + missingConditions().stream().map(Condition::name).toList()
              + " that are not in the file: "
              + e.getMessage(),
          e);
    }
  }

  /** Blocks, some at a time. */
  private final class Runs implements Iterator<BlockRun> {
    private final Coding coding = coding();
    private final int end;
    private final int atOnce;
    private final int pixelsAtOnce;
    private int next;

    Runs(int first, int end, int atOnce, int pixelsAtOnce) {
      this.next = first;
      this.end = end;
      this.atOnce = atOnce;
      this.pixelsAtOnce = pixelsAtOnce;
      // What is missing is missed before anything is computed.
      int most = IntStream.range(first, end).map(header.of()::images).max().orElseThrow();
      coding.checkMemory(coding.decoding(), most);
      given(header.of().first(first));
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    public BlockRun next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int first = next;
      next = Math.min(end, first + atOnce);

      return new BlockRun(
          spec(),
          coding.order(),
          first,
          header.of().first(first),
          IntStream.range(first, next).mapToObj(this::decoder).toList(),
          pixelsAtOnce,
          CodedImages.this::compare);
    }

    private BlockDecoder decoder(int block) {
      int first = header.of().first(block);
      List<ConditionValues> others =
          IntStream.range(first, first + header.of().images(block))
              .mapToObj(CodedImages.this::given)
              .toList();
      try {
        byte[] bytes = Aside.inOrder(() -> bytes(block));
        return new BlockDecoder(coding.decoding(), coding.tiles(), labels, first, others, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }

  private void compare(int block, int checksum) throws CodecException {
    if (checksum == header.checksum(block)) {
      return;
    }
    int first = header.of().first(block);
    int last = first + header.of().images(block) - 1;
    throw new CodecException(
        source.place(),
        "images " + first + " to " + last + " that are not those that were coded",
        String.format(Locale.ROOT, "the checksum %08x", header.checksum(block)),
        missingConditions().isEmpty()
            ? "The file is damaged: copy it anew, or code the images again."
            : "The file is damaged, or other conditions were given than it was coded under.");
  }
}
