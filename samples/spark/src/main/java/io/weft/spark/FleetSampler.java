package io.weft.spark;

import io.weft.Model;
import io.weft.complete.KnownPixels;
import io.weft.engine.Device;
import io.weft.internal.thread.Lease;
import io.weft.order.GenerationOrder;
import io.weft.sample.Lockstep;
import io.weft.sample.SampledImage;
import io.weft.sample.Sampler;
import io.weft.sample.Samples;
import io.weft.sample.SamplingExecutor;
import io.weft.spec.ConditionValues;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;

/**
 * What a fleet is to draw: an immutable value. Each method below returns one that differs in one
 * respect. The images are those of the {@link Sampler} of the same settings, bit for bit, whatever
 * the workers and tasks.
 */
public final class FleetSampler {

  /** The images of a part where nothing else is said. */
  public static final int DEFAULT_IMAGES_PER_PART = 1_000;

  /** So many batches for each core are drawn ahead of who takes images one by one. */
  private static final int BATCHES_EACH = 2;

  private static final String JVM = "jvm";

  private final Fleet fleet;
  private final Model model;
  private final Drawing set;
  private final int imagesPerPart;
  private final FleetListener listener;

  private FleetSampler(
      Fleet fleet, Model model, Drawing set, int imagesPerPart, FleetListener listener) {
    this.fleet = fleet;
    this.model = model;
    this.set = set;
    this.imagesPerPart = imagesPerPart;
    this.listener = listener;
  }

  static FleetSampler of(Fleet fleet, Model model, long seed) {
    Drawing one =
        new Drawing(
            seed, 0, 1, Sampler.DEFAULT_BATCH, 1, JVM, image -> ConditionValues.none(), null, null);
    return new FleetSampler(fleet, model, one, DEFAULT_IMAGES_PER_PART, FleetListener.none());
  }

  private FleetSampler with(Drawing changed) {
    return new FleetSampler(fleet, model, changed, imagesPerPart, listener);
  }

  /**
   * Returns a sampler of {@code images} images.
   *
   * @throws IllegalArgumentException if that is below 1
   */
  public FleetSampler count(long images) {
    if (images < 1) {
      throw new IllegalArgumentException("draw at least 1 image, found a count of " + images);
    }
    return with(set.withCount(images));
  }

  /**
   * Returns a sampler whose images have the indices from {@code index} on.
   *
   * @throws IllegalArgumentException if it is below 0
   */
  public FleetSampler firstImage(long index) {
    model.sampler(set.seed()).firstImage(index);
    return with(set.withFirst(index));
  }

  /**
   * Returns a sampler that draws so many images in lockstep; the images are the same.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public FleetSampler batch(int images) {
    model.sampler(set.seed()).batch(images);
    return with(set.withBatch(images));
  }

  /**
   * Returns a sampler at another temperature, see {@link Sampler#temperature}.
   *
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public FleetSampler temperature(double value) {
    model.sampler(set.seed()).temperature(value);
    return with(set.withTemperature(value));
  }

  /**
   * Returns a sampler on another executor. {@code jvm}, which is taken without this, draws the same
   * on every machine; {@code tensorflow} and {@code tensorflow-without-xla} draw the same on
   * workers that are alike.
   *
   * @throws IllegalArgumentException if there is none of that name, or it is {@code automatic},
   *     which may be another on every worker
   */
  public FleetSampler executor(String name) {
    SamplingExecutor.named(name);
    if (name.equals("automatic")) {
      throw new IllegalArgumentException(
          "the executor automatic depends on the machine, and a fleet has many; take jvm or"
              + " tensorflow");
    }
    return with(set.withExecutor(name));
  }

  /**
   * Returns a sampler with a class for each image of a model whose only condition is one.
   *
   * @throws IllegalArgumentException if the model has other conditions or none, or the function
   *     cannot travel; the message names what it captures
   */
  public FleetSampler labels(FleetLabels ofImage) {
    FleetLabels labels = Travelling.checked("the function of labels", ofImage);
    return with(set.withConditions(labelled(model.definition().onlyClass().name(), labels)));
  }

  private static FleetConditions labelled(String condition, FleetLabels labels) {
    return image -> ConditionValues.none().withLabel(condition, labels.label(image));
  }

  /**
   * Returns a sampler with conditions for each image.
   *
   * @throws IllegalArgumentException if the function cannot travel; the message names what it
   *     captures
   */
  public FleetSampler conditions(FleetConditions ofImage) {
    return with(set.withConditions(Travelling.checked("the function of conditions", ofImage)));
  }

  /**
   * Returns a sampler that draws pixels in this order in place of the model's own.
   *
   * @throws io.weft.spec.DefinitionException if the model is not causal under the order
   */
  public FleetSampler order(GenerationOrder order) {
    model.sampler(set.seed()).order(order);
    return with(set.withOrder(order.positions()));
  }

  /**
   * Returns a sampler that completes images: it draws the pixels that are missing, see {@link
   * Sampler#complete(java.util.function.LongFunction)}.
   *
   * @throws IllegalArgumentException if the function cannot travel; the message names what it
   *     captures
   */
  public FleetSampler complete(FleetKnown ofImage) {
    return with(set.withKnown(Travelling.checked("the function of known pixels", ofImage)));
  }

  /**
   * Returns a sampler that completes one image again and again.
   *
   * @throws IllegalArgumentException if its size is not the model's
   */
  public FleetSampler complete(KnownPixels image) {
    image.check(model.image());
    return complete(index -> image);
  }

  /**
   * Returns a sampler that {@linkplain #saveTo saves} so many images in each part.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public FleetSampler imagesPerPart(int images) {
    if (images < 1) {
      throw new IllegalArgumentException("a part has at least 1 image, found " + images);
    }
    return new FleetSampler(fleet, model, set, images, listener);
  }

  /** Returns a sampler that tells how far saving is. */
  public FleetSampler listener(FleetListener told) {
    Objects.requireNonNull(told, "listener");
    return new FleetSampler(fleet, model, set, imagesPerPart, told);
  }

  /**
   * Returns the series of images in order, for as many as one process takes: computed when they are
   * asked for, some for each core at a time. A series keeps the weights that the model has when it
   * starts.
   *
   * @throws IllegalArgumentException if conditions are missing, or they or known pixels do not fit
   *     the model
   */
  public Samples<SampledImage> images() {
    check();
    return Samples.images(model.image(), Series::new);
  }

  /**
   * Draws all images into a folder: parts of some images each ({@link #imagesPerPart}), arrays of
   * NumPy [image, row, column, channel] with the levels, named by their first image, such as {@code
   * part-000000001000.npy}. Workers write them themselves; each appears when it is whole. Parts
   * that are there whole are not drawn again: a call that was cut off is made again to go on.
   *
   * @param folder that driver and workers see alike, as Hadoop names it: {@code hdfs://}, {@code
   *     s3a://}, or a path, which is of the cluster's own file system
   * @return what was drawn now
   * @throws IllegalArgumentException if conditions are missing, or they or known pixels do not fit
   *     the model, or the folder has parts of another series; the message says how that differs
   * @throws IllegalStateException if the fleet is closed
   * @throws FleetException if the workers fail, or what they wrote is not to be seen here
   * @throws IOException if the folder cannot be read or written
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public SavedParts saveTo(String folder) throws IOException {
    check();
    Parts parts = Parts.of(folder, model, set, imagesPerPart, fleet.spark().hadoopConfiguration());
    try (Lease<Shipment> lease = sent().lend()) {
      return parts.draw(lease.value(), fleet, listener);
    }
  }

  /** What draws by Java needs nothing else on the workers. */
  private Fleet.Sent sent() {
    return fleet.sent(model, set.executor().equals(JVM) ? Device.jvm() : model.device());
  }

  /** What does not fit is found before anything travels. */
  private void check() {
    long last = Math.addExact(set.first(), set.count() - 1);
    for (long image : new long[] {set.first(), last}) {
      try {
        set.conditions().conditions(image).check(model.conditions());
        if (set.known() != null) {
          set.known().known(image).check(model.image());
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("image " + image + ": " + e.getMessage(), e);
      }
    }
  }

  /** Batches of images, several drawn at a time. */
  private final class Series implements Iterator<Lockstep> {
    private final Fleet.Sent sent = sent();
    private final Queue<DrawnBlock> drawn = new ArrayDeque<>();
    private long done;

    @Override
    public boolean hasNext() {
      return !drawn.isEmpty() || done < set.count();
    }

    @Override
    public Lockstep next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (drawn.isEmpty()) {
        drawMore();
      }
      return drawn.remove().lockstep();
    }

    private void drawMore() {
      long start = done;
      int cores = fleet.jobs().cores();
      int most =
          Math.min(
              BATCHES_EACH * cores,
              fleet.atOnce((long) set.batch() * model.image().values() * Short.BYTES));
      long images = Math.min((long) most * set.batch(), set.count() - start);
      DrawnBlock[] blocks = new DrawnBlock[(int) ((images + set.batch() - 1) / set.batch())];
      try (Lease<Shipment> lease = sent.lend()) {
        fleet
            .jobs()
            .run(
                "drawing images from " + (set.first() + start),
                blocks.length,
                blocks.length,
                i -> range(start, images, i),
                drawing(lease.value(), set),
                (i, block) -> blocks[i] = block);
      }
      drawn.addAll(Arrays.asList(blocks));
      done = start + images;
    }

    private DrawnBlock.Range range(long start, long images, int block) {
      long from = (long) block * set.batch();
      return new DrawnBlock.Range(
          set.first() + start + from, (int) Math.min(set.batch(), images - from));
    }
  }

  private static Jobs.Work<DrawnBlock.Range, DrawnBlock> drawing(Shipment shipment, Drawing set) {
    return range ->
        WorkerModels.use(shipment, opened -> DrawnBlock.draw(opened.model(), set, range));
  }
}
